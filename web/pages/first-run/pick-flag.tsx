import { Shuffle } from 'lucide-react'
import { useEffect, useId } from 'react'
import { useConnection, useNode } from '../../hooks/node-context.tsx'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { Button } from '../../ui/button.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortId } from '../../ui/id-words.ts'

const OFFERED = 12

export interface PickFlagProps {
  readonly choice: string | null
  readonly onChoice: (choice: string) => void
}

/** Twelve keys that this browser has just made, by their flags; only the picked one is kept. Nothing when there is a key. */
export function PickFlag(props: PickFlagProps) {
  const connection = useConnection()
  const accounts = useWalletQuery('wallet_accounts', {})
  const startedAtMs = useNode((state) => state.status?.startedAtMs ?? null)
  if (connection === null || startedAtMs === null) return null
  if (accounts.data === null || accounts.data.length > 0) return null
  // A node that started again has forgotten the keys that it offered.
  return <Offer key={startedAtMs} {...props} />
}

function Offer({ choice, onChoice }: PickFlagProps) {
  const offer = useWalletQuery('wallet_offer', { count: OFFERED })
  const group = useId()
  const first = offer.data?.[0]?.choice ?? null
  const known = offer.data?.some((item) => item.choice === choice) ?? false
  useEffect(() => {
    if (first !== null && !known) onChoice(first)
  }, [first, known, onChoice])
  if (offer.data === null) return null
  return (
    <section className="mt-5.5">
      <div className="flex items-baseline gap-3">
        <h2 id={`${group}-title`}>Pick your flag</h2>
        <span className="faint text-sm">it stands for your key</span>
        <Button
          look="quiet"
          size="small"
          className="ml-auto"
          icon={<Shuffle size={14} aria-hidden />}
          onClick={offer.retry}
        >
          Others
        </Button>
      </div>
      <fieldset className="flags" aria-labelledby={`${group}-title`}>
        {offer.data.map((item) => (
          <label key={item.choice} title={item.address}>
            <input
              type="radio"
              className="sr"
              name={group}
              value={item.choice}
              aria-label={`Key ${shortId(item.address)}`}
              checked={item.choice === choice}
              onChange={() => onChoice(item.choice)}
            />
            <Flag address={item.address} size={34} />
          </label>
        ))}
      </fieldset>
    </section>
  )
}
