import { useState } from 'react'
import type { StakeRewardsView } from '../../../node-core/node/node-api.ts'
import { batchesOf, savedGas, together } from '../../../node-core/protocol/batches.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Empty } from '../../ui/states.tsx'
import { NotSent } from '../signing/not-sent.tsx'
import { Progress } from '../signing/progress.tsx'
import { Review } from '../signing/review.tsx'
import { SignButtons } from '../signing/sign-buttons.tsx'
import { type Claim, claimLead, claimRequest, claimSum, claimsOf, costHeading } from './claim-words.ts'

export interface ClaimDialogProps {
  readonly claimable: StakeRewardsView['claimable']
  /** The one to claim from; empty: all. */
  readonly at: string
  readonly batchSavingGas: number
  readonly onClose: () => void
}

/** Rewards to the balance, of one validator or of all of them: each batch is reviewed, then signed. */
export function ClaimDialog({ claimable, at, batchSavingGas, onClose }: ClaimDialogProps) {
  // What waits shrinks as it is claimed: the batches are those of the moment the dialog was opened.
  const [batches] = useState(() => batchesOf(claimsOf(claimable, at)))
  const [hashes, setHashes] = useState<readonly string[]>([])
  const submit = useAct('wallet_submit')
  const next = batches[hashes.length]
  const request = together((next ?? []).map(claimRequest))
  const claim = async () => {
    const sent = await submit.run({ request })
    if (sent !== null) setHashes((before) => [...before, sent.hash])
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Claim rewards"
      lead={claimLead(batches.flat().length, batches.length)}
      foot={
        next === undefined ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <SignButtons
            submit={submit}
            button="Sign and claim"
            back="Not now"
            onBack={onClose}
            onSign={() => void claim()}
          />
        )
      }
    >
      {batches.length === 0 && (
        <Empty
          sentence="No rewards wait."
          line="They are paid at the end of each epoch, for the one before."
        />
      )}
      {hashes.length > 0 && (
        <ul className="list">
          {hashes.map((hash) => (
            <li key={hash}>
              <Progress hash={hash} />
            </li>
          ))}
        </ul>
      )}
      {next !== undefined && (
        <>
          <Claims claims={next} />
          <h3 className="mt-4 mb-1 text-sm">{costHeading(hashes.length + 1, batches.length)}</h3>
          <Review
            request={request}
            savedGas={savedGas(next.length, { batchSavingGas })}
            gain={claimSum(next)}
          />
        </>
      )}
      <NotSent error={submit.error} what="claiming" />
    </Dialog>
  )
}

function Claims({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <KeyValues
      rows={[
        ...claims.flatMap(({ validator, validatorName, amount, commission }) => [
          ...money(`From ${validatorName}`, amount, validator),
          ...money('Commission of my validator', commission, `${validator} commission`),
        ]),
        ...(claims.length > 1 ? money('To the balance, in all', String(claimSum(claims)), 'total') : []),
      ]}
    />
  )
}

function money(name: string, amount: string, key: string) {
  return amount === '0' ? [] : [[name, <Amount key={key} value={amount} form="full" />] as const]
}
