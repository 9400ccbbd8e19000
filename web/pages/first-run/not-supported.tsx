import { CircleX } from 'lucide-react'
import { MISSING_SENTENCES } from '../../i18n/en-missing.ts'
import { useApp, useSession } from '../../shell/app-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Disc } from '../../ui/disc.tsx'

/** Names what this browser lacks, and which browsers have it. */
export function NotSupported() {
  const { session } = useApp()
  const support = useSession((state) => state.support)
  return (
    <main>
      <div className="moon">
        <Disc share={0} radius={150} label="Not started" />
      </div>
      <div>
        <h1 className="voice">This browser cannot run a node.</h1>
        <p className="mt-2.5 mb-6 max-w-[52ch] text-ink-2">
          A tab becomes a full member of the mesh, so it needs a few parts that not every browser has. Nothing
          was stored.
        </p>
        <ul className="steps">
          {support?.missing.map((feature) => (
            <li key={feature} className="failed">
              <CircleX size={20} className="mt-0.5 text-bad" aria-hidden />
              <div>
                <b>Missing: {MISSING_SENTENCES[feature]?.name ?? feature}</b>
                <span className="line">{MISSING_SENTENCES[feature]?.why}</span>
              </div>
            </li>
          ))}
        </ul>
        <p className="remark-line">
          <span>
            <b>It runs in</b> Chrome and Edge from version 137, Firefox from 144 and Safari from 17, over
            https or on this machine itself, outside of private windows that forbid storage.
          </span>
        </p>
        <div className="btns foot mt-5.5">
          <Button size="big" onClick={() => void session.open()}>
            Look again
          </Button>
        </div>
      </div>
    </main>
  )
}
