import { Check, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { NodeApi } from '../../../node-core/node/node-api.ts'
import { useConnection } from '../../hooks/node-context.tsx'
import { integer } from '../../i18n/format.ts'
import { asApiError } from '../../store/query.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useNames } from '../use-names.ts'
import type { FollowedHeader, LightOutcome, LightSubject, ShownInclusion } from './light-check.ts'
import { faultWords, headerSteps, inclusionSteps, type Step } from './light-words.ts'

type Outcome =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly headers: number }
  | LightOutcome<ShownInclusion | null>

async function check(
  node: NodeApi,
  subject: LightSubject,
  progress: (headers: number) => void,
): Promise<LightOutcome<ShownInclusion | null>> {
  try {
    const { checkHeader, checkTransaction } = await import('./light-check.ts')
    return subject.kind === 'block'
      ? await checkHeader(node, subject.height, progress)
      : await checkTransaction(node, subject, progress)
  } catch (reason) {
    // The rules themselves could not be loaded: no network.
    return { state: 'failed', error: asApiError(reason) }
  }
}

const WHAT = {
  block: 'This page can check the block by itself, from the genesis on: who was to sign, and who did.',
  transaction:
    'This page can check by itself, from the genesis on, that a quorum signed the block and that the transaction and its receipt are in it.',
} as const

/** Checks a block or a transaction in the page, without believing the node. */
export function VerifyHere({ subject }: { readonly subject: LightSubject }) {
  const connection = useConnection()
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' })
  const verify = async () => {
    if (connection === null) return
    setOutcome({ state: 'busy', headers: 0 })
    setOutcome(await check(connection.node, subject, (headers) => setOutcome({ state: 'busy', headers })))
  }
  return (
    <Section title="Verify here" note="without believing the node">
      {(outcome.state === 'idle' || outcome.state === 'busy') && (
        <p className="mb-3 max-w-[60ch] text-sm text-ink-2">{WHAT[subject.kind]}</p>
      )}
      {outcome.state === 'busy' && outcome.headers > 0 && (
        <p className="mb-3 text-sm text-ink-2">{integer(outcome.headers)} headers checked so far</p>
      )}
      {outcome.state === 'failed' && (
        <ErrorState error={outcome.error} what="the check" onRetry={() => void verify()} />
      )}
      {outcome.state === 'refused' && (
        <Verdict steps={[{ ok: false, words: faultWords(outcome.fault) }]}>
          <p className="font-mono text-xs text-ink-2">{outcome.fault.code}</p>
        </Verdict>
      )}
      {outcome.state === 'verified' && (
        <Verdict
          steps={[
            ...headerSteps(outcome.header, subject.kind === 'block' ? subject.blockId : null),
            ...(outcome.proved === null ? [] : inclusionSteps(outcome.proved)),
          ]}
        >
          <HeaderFacts header={outcome.header} />
        </Verdict>
      )}
      {outcome.state !== 'failed' && (
        <Button onClick={() => void verify()} busy={outcome.state === 'busy' ? 'Verifying…' : null}>
          {outcome.state === 'verified' || outcome.state === 'refused' ? 'Verify again' : 'Verify here'}
        </Button>
      )}
    </Section>
  )
}

function Verdict({ steps, children }: { readonly steps: readonly Step[]; readonly children: ReactNode }) {
  const ok = steps.every((step) => step.ok)
  return (
    <div className="mb-3" role="status">
      <p className={`my-2.5 flex items-center gap-2 text-md font-strong ${ok ? 'text-good' : 'text-bad'}`}>
        {ok ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
        {ok ? 'Verified' : 'Not verified'}
      </p>
      <Steps steps={steps} />
      {children}
    </div>
  )
}

/** What was checked, one line each, with its mark. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ul className="mb-2 grid gap-1 text-sm text-ink-2">
      {steps.map((step) => (
        <li key={step.words} className={`flex gap-2 ${step.ok ? '' : 'text-bad'}`}>
          {step.ok ? (
            <Check size={14} className="mt-[3px] shrink-0 text-good" aria-hidden />
          ) : (
            <X size={14} className="mt-[3px] shrink-0" aria-hidden />
          )}
          <span>{step.words}</span>
        </li>
      ))}
    </ul>
  )
}

function HeaderFacts({ header }: { readonly header: FollowedHeader }) {
  const names = useNames()
  return (
    <KeyValues
      rows={[
        ['Genesis', <Id key="genesis" value={header.genesisHash} kind="hash of the genesis" />],
        ['Height', integer(header.height)],
        ['Block id', <Id key="block" value={header.blockId} kind="block id" />],
        ['State root', <Id key="root" value={header.stateRoot} kind="state root" />],
        ['Signed by', header.signers.map((signer) => names.wordsFor(signer)).join(', ')],
      ]}
    />
  )
}
