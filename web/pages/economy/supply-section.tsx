import type { StatsView } from '../../../node-core/node/node-api.ts'
import { percent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Section } from '../../ui/section.tsx'

type Supply = StatsView['supply']

const PLACES = [
  ['bonded', 'Bonded', 'bg-series-1'],
  ['unbonding', 'Unbonding', 'bg-series-2'],
  ['rewards', 'Rewards not claimed', 'bg-series-3'],
  ['rewardPool', 'Reward pool', 'bg-series-6'],
] as const

/** Where all money is and where it came from; the chain checks the sum after every block. */
export function SupplySection({ supply }: { readonly supply: Supply }) {
  const total = BigInt(supply.total)
  const held = PLACES.reduce((sum, [place]) => sum + BigInt(supply[place]), 0n)
  const balances = total - held
  const share = (amount: bigint) => (total === 0n ? 0 : Number((amount * 1_000_000n) / total))
  const parts = [
    ['balances', 'Balances', 'bg-series-4', balances] as const,
    ...PLACES.map(([place, words, colour]) => [place, words, colour, BigInt(supply[place])] as const),
  ]
  return (
    <Section title="Where the money is" note="checked after every block">
      <div
        className="flex h-4 overflow-hidden rounded-sm"
        role="img"
        aria-label={`Of all money: ${parts.map(([, words, , amount]) => `${words} ${percent(share(amount))}`).join(', ')}`}
      >
        {parts.map(([place, , colour, amount]) => (
          <i key={place} className={colour} style={{ width: `${share(amount) / 10_000}%` }} />
        ))}
      </div>
      <div className="mt-3 grid gap-x-8 gap-y-3 sm:grid-cols-2">
        <KeyValues
          rows={parts.map(([place, words, colour, amount]) => [
            <span key={place} className="flex items-center gap-2">
              <i className={`inline-block size-2.5 rounded-sm ${colour}`} aria-hidden />
              {words}
            </span>,
            <Amount key="amount" value={String(amount)} />,
          ])}
        />
        <KeyValues
          rows={[
            ['Genesis', <Amount key="genesis" value={supply.genesis} />],
            ['Faucet', <Amount key="faucet" value={supply.faucet} />],
            ['Minted for rewards', <Amount key="minted" value={supply.minted} />],
            ['Burned', <Amount key="burned" value={supply.burned} />],
            ['In all', <Amount key="total" value={supply.total} />],
          ]}
        />
      </div>
    </Section>
  )
}
