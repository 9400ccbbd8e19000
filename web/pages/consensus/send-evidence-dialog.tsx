import { useMemo } from 'react'
import type { EvidenceView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { offenceWords } from '../../i18n/round-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { readParameters } from '../chain-parameters.ts'
import type { ReviewRows } from '../signing/review.tsx'
import { SignDialog } from '../signing/sign-dialog.tsx'
import { rewardFor, sendingEffects } from './evidence-words.ts'

export interface SendEvidenceDialogProps {
  readonly evidence: EvidenceView
  /** Canonical bytes of its proof. */
  readonly proof: string
  /** Of the validator. */
  readonly name: string
  readonly onClose: () => void
}

/** From the account in use: what it takes, what it brings, then sign. */
export function SendEvidenceDialog({ evidence, proof, name, onClose }: SendEvidenceDialogProps) {
  const raw = useQuery('chain_parameters', {}, 'once').data
  const parameters = useMemo(() => readParameters(raw ?? {}), [raw])
  const accused = useQuery('validator_get', { address: evidence.validator }, 'once').data
  const reward = accused === null ? null : rewardFor(BigInt(accused.stake), parameters)
  const rows: ReviewRows = [
    ['Offence', `${offenceWords(evidence.offence)}, at height ${integer(evidence.height)}`],
    ...(reward === null
      ? []
      : [['Your share, about', <Amount key="reward" value={String(reward)} form="full" />] as const]),
  ]
  return (
    <SignDialog
      title="Send evidence"
      lead={`Against ${name}. Anyone may; the two signatures speak for themselves.`}
      effects={sendingEffects(name, parameters)}
      request={{ type: 'evidence.submit', proof }}
      rows={rows}
      button="Sign and send"
      onClose={onClose}
    />
  )
}
