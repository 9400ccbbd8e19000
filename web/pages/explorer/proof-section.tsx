import { Check, X } from 'lucide-react'
import { useState } from 'react'
import type { AccountView, ApiError, NodeApi, ProofView } from '../../../node-core/node/node-api.ts'
import { useConnection } from '../../hooks/node-context.tsx'
import { integer } from '../../i18n/format.ts'
import { errorWords } from '../../i18n/words.ts'
import { asApiError } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import type { LightOutcome } from './light-check.ts'
import { faultWords, hashWords, headerSteps, type Step } from './light-words.ts'
import type { ProofStep, ProofVerdict } from './proof-check.ts'
import { Steps } from './verify-here.tsx'

type Outcome =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'failed'; readonly error: ApiError }
  | { readonly state: 'checked'; readonly checked: Checked }

interface Checked {
  readonly proof: ProofView
  readonly verdict: ProofVerdict
  /** How the header that the proof stands under came to be believed. */
  readonly header: LightOutcome
}

/**
 * The proof, the header it stands under followed from the genesis, and one checked against the other, all in the page. Where
 * that cannot be tried (no network file to begin from, a node that serves no light clients) the header is the node's.
 */
async function fetchAndCheck(node: NodeApi, address: string): Promise<Outcome> {
  try {
    const proof = await node.call('chain_proof', { address })
    const [{ checkHeader }, { checkProof }] = await Promise.all([
      import('./light-check.ts'),
      import('./proof-check.ts'),
    ])
    const header = await checkHeader(node, proof.height, () => {})
    const believed =
      header.state === 'verified' ? header.header : await node.call('chain_block', { height: proof.height })
    const verdict = checkProof({ address, proof, header: believed })
    return { state: 'checked', checked: { proof, header, verdict } }
  } catch (reason) {
    return { state: 'failed', error: asApiError(reason) }
  }
}

const STEP_WORDS: Readonly<Record<Exclude<ProofStep, 'path'>, readonly [good: string, bad: string]>> = {
  key: ['The key is this address’s place in the state', 'The key is not this address’s place in the state'],
  root: ['The root is the one in the block’s header', 'The root is not the one in the block’s header'],
  value: ['The record reads as an account', 'The record does not read as an account'],
}

function stepsOf({ header, verdict, proof }: Checked): Step[] {
  const proofSteps = verdict.checks.map(({ step, ok }): Step => {
    if (step !== 'path') return { ok, words: STEP_WORDS[step][ok ? 0 : 1] }
    const depth = proof.siblings.length
    const good =
      depth === 0 ? 'The record is the root by itself' : `From the record ${hashWords(depth)} up to the root`
    return { ok, words: ok ? good : 'The hashes do not lead up to the root' }
  })
  return [...headerStepsOf(header), ...proofSteps]
}

/** Empty when it could not be tried: then a line says under whose header the proof stands. */
function headerStepsOf(header: LightOutcome): Step[] {
  if (header.state === 'verified') return headerSteps(header.header, null)
  return isUntried(header) || header.state === 'failed'
    ? []
    : [{ ok: false, words: faultWords(header.fault) }]
}

function isUntried(header: LightOutcome): boolean {
  return header.state === 'failed' || (header.state === 'refused' && header.fault.code === 'unavailable')
}

export function ProofSection({ account }: { account: AccountView }) {
  const connection = useConnection()
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' })
  const verify = async () => {
    if (connection === null) return
    setOutcome({ state: 'busy' })
    setOutcome(await fetchAndCheck(connection.node, account.address))
  }
  return (
    <Section title="State proof">
      {outcome.state !== 'checked' && outcome.state !== 'failed' && (
        <p className="mb-3 text-sm text-ink-2">
          The node can prove the balance with a chain of hashes from the account’s record up to the state root
          that a quorum signed. This page checks it by itself, from the genesis on.
        </p>
      )}
      {outcome.state === 'failed' && (
        <ErrorState error={outcome.error} what="the proof" onRetry={() => void verify()} />
      )}
      {outcome.state === 'checked' && <Verdict checked={outcome.checked} />}
      {outcome.state !== 'failed' && (
        <Button onClick={() => void verify()} busy={outcome.state === 'busy' ? 'Checking…' : null}>
          {outcome.state === 'checked' ? 'Check again' : 'Verify it here'}
        </Button>
      )}
    </Section>
  )
}

function Verdict({ checked }: { readonly checked: Checked }) {
  const { proof, verdict, header } = checked
  const steps = stepsOf(checked)
  const ok = steps.every((step) => step.ok)
  return (
    <div className="mb-3" role="status">
      <p className={`my-2.5 flex items-center gap-2 text-md font-strong ${ok ? 'text-good' : 'text-bad'}`}>
        {ok ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
        {ok ? (verdict.absent ? 'Proved: no such account' : 'Proved') : 'Not proved'}
      </p>
      <Steps steps={steps} />
      {isUntried(header) && (
        <p className="mb-2 text-sm text-ink-2">
          Under the header as this tab’s node has it: {untriedWords(header)}.
        </p>
      )}
      <KeyValues
        rows={[
          ['Height', integer(proof.height)],
          ['State root', <Id key="root" value={proof.stateRoot} kind="state root" />],
          ['Key', <Id key="key" value={proof.key} kind="key" />],
          ['Hashes on the way', proof.siblings.length === 0 ? 'none' : integer(proof.siblings.length)],
          ...(!ok || verdict.account === null
            ? []
            : ([
                ['Proved balance', <Amount key="balance" value={verdict.account.balance} form="full" />],
                ['Proved nonce', integer(verdict.account.nonce)],
              ] as const)),
        ]}
      />
    </div>
  )
}

function untriedWords(header: LightOutcome): string {
  const words =
    header.state === 'failed'
      ? errorWords(header.error)
      : header.state === 'refused'
        ? faultWords(header.fault)
        : ''
  return words.charAt(0).toLowerCase() + words.slice(1)
}
