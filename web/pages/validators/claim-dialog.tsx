import { useState } from 'react'
import type { StakeRewardsView } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { capital, countWord } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Empty } from '../../ui/states.tsx'
import { NotSent } from '../signing/not-sent.tsx'
import { Progress } from '../signing/progress.tsx'
import { Review } from '../signing/review.tsx'

type Claimable = StakeRewardsView['claimable'][number]

export interface ClaimDialogProps {
  readonly claimable: readonly Claimable[]
  /** The one to claim from; empty: all. */
  readonly at: string
  readonly onClose: () => void
}

/** Rewards to the balance: of one validator, or of all of them by one transaction each. */
export function ClaimDialog({ claimable, at, onClose }: ClaimDialogProps) {
  // What waits shrinks as it is claimed: the list is that of the moment the dialog was opened.
  const [wanted] = useState(() => claimable.filter((one) => at === '' || one.validator === at))
  const [hashes, setHashes] = useState<readonly string[]>([])
  const submit = useAct('wallet_submit')
  const left = wanted.slice(hashes.length)
  const claim = async () => {
    for (const { validator } of left) {
      const sent = await submit.run({ request: { type: 'stake.claimRewards', validator } })
      if (sent === null) return
      setHashes((before) => [...before, sent.hash])
    }
  }
  const done = left.length === 0
  return (
    <Dialog
      open
      onClose={onClose}
      title="Claim rewards"
      lead={
        wanted.length > 1
          ? `${capital(countWord(wanted.length))} transactions, signed one after the other.`
          : undefined
      }
      foot={
        done ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Not now
            </Button>
            <Button look="primary" busy={submit.busy ? 'Signing…' : null} onClick={() => void claim()}>
              {submit.error === null ? 'Sign and claim' : 'Sign again'}
            </Button>
          </>
        )
      }
    >
      {wanted.length === 0 && (
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
      {!done && <Claims left={left} />}
      <NotSent error={submit.error} what="claiming" />
    </Dialog>
  )
}

function Claims({ left }: { readonly left: readonly Claimable[] }) {
  const [first] = left
  if (first === undefined) return null
  const total = left.reduce((sum, one) => sum + BigInt(one.amount) + BigInt(one.commission), 0n)
  return (
    <>
      <KeyValues
        rows={[
          ...left.flatMap(({ validator, validatorName, amount, commission }) => [
            ...money(`From ${validatorName}`, amount, validator),
            ...money('Commission of my validator', commission, `${validator} commission`),
          ]),
          ...(left.length > 1 ? money('To the balance, in all', total.toString(), 'total') : []),
        ]}
      />
      <h3 className="mt-4 mb-1 text-sm">{left.length > 1 ? 'Each of them costs' : 'It costs'}</h3>
      <Review request={{ type: 'stake.claimRewards', validator: first.validator }} />
    </>
  )
}

function money(name: string, amount: string, key: string) {
  return amount === '0' ? [] : [[name, <Amount key={key} value={amount} form="full" />] as const]
}
