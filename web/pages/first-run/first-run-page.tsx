import { Link, useNavigate } from '@tanstack/react-router'
import { Info } from 'lucide-react'
import { useState } from 'react'
import { useNode } from '../../hooks/node-context.tsx'
import { useAct } from '../../hooks/use-act.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { errorWords } from '../../i18n/words.ts'
import { useApp, useSession } from '../../shell/app-context.tsx'
import { ThemeButton } from '../../shell/top-bar.tsx'
import { markStarted } from '../../store/started.ts'
import { Button } from '../../ui/button.tsx'
import { Disc } from '../../ui/disc.tsx'
import { farQuorumPath, litPath, quorumPath } from '../../ui/disc-path.ts'
import { ModeChoice } from '../mode-choice.tsx'
import { bootShare, bootSteps, type StepView } from './boot-steps.ts'
import { NotSupported } from './not-supported.tsx'
import { PickFlag } from './pick-flag.tsx'
import './first-run.css'

/** Three named steps with their real progress; a key's flag to pick; the dashboard at once. */
export function FirstRunPage() {
  const phase = useSession((state) => state.phase)
  return (
    <div className="first-run">
      <header>
        <span className="brand">
          <BootMark />
          <span>
            AITBC<i>mesh</i>
          </span>
        </span>
        <ThemeButton />
      </header>
      {phase === 'not-supported' ? <NotSupported /> : <Joining />}
    </div>
  )
}

function useBootSteps(): readonly StepView[] {
  const phase = useSession((state) => state.phase)
  const boot = useSession((state) => state.boot)
  const peersAfterMs = useSession((state) => state.peersAfterMs)
  const status = useNode((state) => state.status)
  return bootSteps({ phase, boot, peersAfterMs, status })
}

/** The mark waxes with the joining, as the large disc does. */
function BootMark() {
  return <Disc share={bootShare(useBootSteps())} radius={11} quorum />
}

function Joining() {
  const steps = useBootSteps()
  const working = steps.findIndex((step) => step.state !== 'done')
  const share = bootShare(steps)
  const ready = working < 0
  return (
    <main>
      <div className="moon">
        <BigDisc
          share={share}
          label={
            ready
              ? 'Joined'
              : `Joining, step ${working + 1} of 3, ${Math.round(steps[working]!.share * 100)} percent`
          }
        />
      </div>
      <div>
        <h1 className="voice">{ready ? 'This tab is a node.' : 'This tab is becoming a node.'}</h1>
        <p className="mt-2.5 mb-6 max-w-[46ch] text-ink-2">
          No account, no download. Close the tab and it leaves; open it again and it carries on.
        </p>
        <ol className="steps">
          {steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
        <Choices />
      </div>
    </main>
  )
}

function BigDisc({ share, label }: { readonly share: number; readonly label: string }) {
  const path = litPath(share, 160, 150)
  return (
    <svg viewBox="0 0 320 320" role="img" aria-label={label}>
      <circle cx="160" cy="160" r="150" className="unlit" />
      {path !== '' && <path d={path} style={{ d: `path("${path}")` }} className="lit" />}
      <circle cx="160" cy="160" r="150" className="ring" />
      <path d={farQuorumPath(160, 150)} className="quorum far" />
      <path d={quorumPath(160, 150)} className="quorum" />
    </svg>
  )
}

function Step({ step }: { readonly step: StepView }) {
  const percent = Math.round(step.share * 100)
  const running = step.state === 'working' && step.share > 0
  return (
    <li className={step.state}>
      <Disc share={step.share} radius={10} decided={step.state === 'done'} />
      <div>
        <b>{step.name}</b>
        <span className={step.state === 'failed' ? 'line text-bad' : 'line'}>{step.line}</span>
        {running && (
          <div
            className="meter mt-2.5"
            role="progressbar"
            aria-label={step.name}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={percent}
          >
            <i style={{ width: `${percent}%`, background: 'var(--lit)' }} />
          </div>
        )}
      </div>
      {running && <em>{percent} %</em>}
    </li>
  )
}

/** A flag to pick, what is missing, and the way on. */
function Choices() {
  const { session } = useApp()
  const phase = useSession((state) => state.phase)
  const error = useSession((state) => state.error)
  const wakeLock = useSession((state) => state.support?.wakeLock ?? true)
  const [choice, setChoice] = useState<string | null>(null)
  const choose = useAct('wallet_choose')
  const navigate = useNavigate()
  const [next] = useUrlState('next', '/')
  const leave = async () => {
    if (choice !== null && (await choose.run({ choice, name: '' })) === null) return
    markStarted()
    void navigate({ href: next.startsWith('/') ? next : '/' } as Parameters<typeof navigate>[0])
  }
  return (
    <>
      <PickFlag choice={choice} onChoice={setChoice} />
      {!wakeLock && (
        <p className="remark-line">
          <Info size={15} aria-hidden />
          <span>
            <b>Screen wake lock is missing in this browser.</b> The tab can watch, but may miss votes while it
            is hidden.
          </span>
        </p>
      )}
      {phase === 'failed' && error !== null && (
        <p className="remark-line" role="alert">
          <Info size={15} aria-hidden />
          <span>
            <b>{errorWords(error)}.</b> The dashboard can be looked at meanwhile.{' '}
            <button type="button" className="underline" onClick={() => void session.open()}>
              Try again
            </button>
          </span>
        </p>
      )}
      {choose.error !== null && (
        <p className="remark-line" role="alert">
          <Info size={15} aria-hidden />
          <span>
            <b>{errorWords(choose.error)}.</b> No key was made.
          </span>
        </p>
      )}
      <Options />
      <div className="btns foot mt-5.5">
        <Button
          look="primary"
          size="big"
          busy={choose.busy ? 'Making your key…' : null}
          onClick={() => void leave()}
        >
          Look around
        </Button>
        <Link className="btn quiet big" to="/node" search={{ do: 'restore' } as never} onClick={markStarted}>
          I have a backup
        </Link>
      </div>
    </>
  )
}

/** What the tab is to be, for who wants another than the usual; one that votes already is asked on the Node page. */
function Options() {
  const status = useNode((state) => state.status)
  const act = useAct('node_mode')
  if (status === null || status.validator !== null) return null
  return (
    <details className="mt-4 text-sm">
      <summary className="w-fit cursor-pointer text-ink-2">Options</summary>
      <div className="mt-3">
        <ModeChoice
          mode={status.mode === 'observer' ? 'observer' : 'light'}
          act={act}
          onChoose={(mode) => void act.run({ mode })}
        />
      </div>
    </details>
  )
}
