import { Check, X } from 'lucide-react'
import { useState } from 'react'
import type { AccountView, ApiError, NodeApi, ProofView } from '../../../node-core/node/node-api.ts'
import { useConnection } from '../../hooks/node-context.tsx'
import { integer } from '../../i18n/format.ts'
import { asApiError } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { Section } from '../../ui/section.tsx'
import { ErrorState } from '../../ui/states.tsx'
import type { ProofStep, ProofVerdict } from './proof-check.ts'

type Outcome =
  | { readonly state: 'idle' }
  | { readonly state: 'busy' }
  | { readonly state: 'failed'; readonly error: ApiError }
  | { readonly state: 'checked'; readonly proof: ProofView; readonly verdict: ProofVerdict }

/** Fetches the proof and the header it stands under, and checks one against the other here in the page. */
async function fetchAndCheck(node: NodeApi, address: string): Promise<Outcome> {
  try {
    const proof = await node.call('chain_proof', { address })
    const [header, { checkProof }] = await Promise.all([
      node.call('chain_block', { height: proof.height }),
      import('./proof-check.ts'),
    ])
    return { state: 'checked', proof, verdict: checkProof({ address, proof, header }) }
  } catch (reason) {
    return { state: 'failed', error: asApiError(reason) }
  }
}

const STEP_WORDS: Readonly<Record<ProofStep, readonly [good: string, bad: string]>> = {
  key: ['The key is this address’s place in the state', 'The key is not this address’s place in the state'],
  root: ['The root is the one in the block’s header', 'The root is not the one in the block’s header'],
  path: ['The hashes lead from the record up to the root', 'The hashes do not lead up to the root'],
  value: ['The record reads as an account', 'The record does not read as an account'],
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
          that a quorum signed. This page checks it by itself.
        </p>
      )}
      {outcome.state === 'failed' && (
        <ErrorState error={outcome.error} what="the proof" onRetry={() => void verify()} />
      )}
      {outcome.state === 'checked' && <Verdict proof={outcome.proof} verdict={outcome.verdict} />}
      {outcome.state !== 'failed' && (
        <Button onClick={() => void verify()} busy={outcome.state === 'busy' ? 'Checking…' : null}>
          {outcome.state === 'checked' ? 'Check again' : 'Verify it here'}
        </Button>
      )}
    </Section>
  )
}

function Verdict({ proof, verdict }: { proof: ProofView; verdict: ProofVerdict }) {
  return (
    <div className="mb-3" role="status">
      <p
        className={`my-2.5 flex items-center gap-2 text-md font-strong ${verdict.ok ? 'text-good' : 'text-bad'}`}
      >
        {verdict.ok ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
        {verdict.ok ? (verdict.absent ? 'Proved: no such account' : 'Proved') : 'Not proved'}
      </p>
      <ul className="mb-2 grid gap-1 text-sm text-ink-2">
        {verdict.checks.map((check) => (
          <li key={check.step} className={`flex gap-2 ${check.ok ? '' : 'text-bad'}`}>
            {check.ok ? (
              <Check size={14} className="mt-[3px] text-good" aria-hidden />
            ) : (
              <X size={14} className="mt-[3px]" aria-hidden />
            )}
            <span>{STEP_WORDS[check.step][check.ok ? 0 : 1]}</span>
          </li>
        ))}
      </ul>
      <KeyValues
        rows={[
          ['Height', integer(proof.height)],
          ['State root', <Id key="root" value={proof.stateRoot} kind="state root" />],
          ['Key', <Id key="key" value={proof.key} kind="key" />],
          ['Hashes on the way', proof.siblings.length === 0 ? 'none' : integer(proof.siblings.length)],
          ...(verdict.account === null
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
