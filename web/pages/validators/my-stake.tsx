import { HandCoins } from 'lucide-react'
import type {
  StakePositionsView,
  StakePositionView,
  StakeRewardsView,
} from '../../../node-core/node/node-api.ts'
import type { Query } from '../../store/query.ts'
import { Amount } from '../../ui/amount.tsx'
import { amountWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { useNow } from '../../ui/time.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { claimSum } from './claim-words.ts'
import type { ValidatorsDialog } from './own-validator.tsx'
import { delegationsOf, returnsOf, returnWords, rewardWords, stakeSentence } from './stake-words.ts'

export interface MyStakeProps {
  readonly own: string
  readonly positions: Query<StakePositionsView>
  readonly rewards: StakeRewardsView | null
  readonly unbondingMs: number | null
  /** The page has no other act that comes first. */
  readonly primary: boolean
  readonly onDo: (dialog: ValidatorsDialog, at?: string) => void
}

/** What this account has at validators, what it earned, and what is on its way back. */
export function MyStake({ own, positions, rewards, unbondingMs, primary, onDo }: MyStakeProps) {
  const claims = claimSum(rewards?.claimable ?? [])
  return (
    <>
      <Section title="My stake">
        <States
          query={positions}
          what="your stake"
          skeletonRows={4}
          isEmpty={(data) => data.positions.length === 0}
          empty={<NoStake onDo={onDo} />}
        >
          {(data) => (
            <>
              <p className="mb-3 text-sm text-ink-2">{stakeSentence(data, rewards?.annualRate ?? null)}</p>
              <Share totals={data.totals} claims={claims.toString()} />
              <Acts claims={claims} primary={primary} onDo={onDo} />
              <ul className="list mt-2 text-sm">
                {delegationsOf(data.positions).map((position) => (
                  <Position key={position.validator} position={position} own={own} onDo={onDo} />
                ))}
              </ul>
            </>
          )}
        </States>
      </Section>
      {positions.data !== null && returnsOf(positions.data.positions).length > 0 && (
        <Returns parts={returnsOf(positions.data.positions)} unbondingMs={unbondingMs} onDo={onDo} />
      )}
    </>
  )
}

function NoStake({ onDo }: Pick<MyStakeProps, 'onDo'>) {
  return (
    <Empty
      sentence="Nothing of yours backs a validator."
      line="Delegated stake makes a validator’s votes weigh more, and earns a share of its rewards. It can be taken back."
      action={<Button onClick={() => onDo('delegate')}>Delegate</Button>}
    />
  )
}

/** Bonded and on its way back as one bar, and their figures under it. */
function Share({ totals, claims }: Pick<StakePositionsView, 'totals'> & { readonly claims: string }) {
  const active = Number(totals.active)
  const back = Number(totals.unstaking)
  const row = (mark: string, name: string, value: string) =>
    [
      <span key={name} className="flex items-center gap-2.5">
        <i className={`key-mark ${mark}`} />
        {name}
      </span>,
      <Amount key="value" value={value} />,
    ] as const
  return (
    <>
      {active + back > 0 && (
        <div className="mb-2 flex h-5 gap-0.5" aria-hidden="true">
          {active > 0 && <i className="rounded-mark bg-you" style={{ flexGrow: active }} />}
          {back > 0 && <i className="hatched rounded-mark" style={{ flexGrow: back, minWidth: 6 }} />}
        </div>
      )}
      <KeyValues
        rows={[
          row('bg-you', 'At validators', totals.active),
          row('hatched', 'On its way back', totals.unstaking),
          row('border-[1.5px] border-you', 'Rewards to claim', claims),
        ]}
      />
    </>
  )
}

function Acts({
  claims,
  primary,
  onDo,
}: Pick<MyStakeProps, 'primary' | 'onDo'> & { readonly claims: bigint }) {
  return (
    <div className="btns mt-3">
      {claims > 0n && (
        <Button
          look={primary ? 'primary' : 'outlined'}
          icon={<HandCoins size={15} strokeWidth={1.75} aria-hidden />}
          onClick={() => onDo('claim')}
        >
          Claim {amountWords(claims.toString())} AIT
        </Button>
      )}
      <Button onClick={() => onDo('delegate')}>Delegate</Button>
    </div>
  )
}

interface PositionProps {
  readonly position: StakePositionView
  readonly own: string
  readonly onDo: MyStakeProps['onDo']
}

function Position({ position, own, onDo }: PositionProps) {
  const { validator, validatorName, amount, state } = position
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1">
      <ValidatorName address={validator} name={validatorName} own={own} />
      <Amount value={amount} className="font-[540]" />
      <span className={`pl-[27px] text-xs ${state === 'slashed' ? 'text-bad' : 'text-ink-3'}`}>
        {rewardWords(position)}
      </span>
      <Button
        size="small"
        className="justify-self-end"
        aria-label={`Manage my stake at ${validatorName}`}
        onClick={() => onDo('position', validator)}
      >
        Manage
      </Button>
    </li>
  )
}

interface ReturnsProps {
  readonly parts: readonly StakePositionView[]
  readonly unbondingMs: number | null
  readonly onDo: MyStakeProps['onDo']
}

/** What is on its way back, what can be withdrawn, and what was. */
function Returns({ parts, unbondingMs, onDo }: ReturnsProps) {
  const now = useNow()
  return (
    <Section title="Unbonding">
      <ul className="list text-sm">
        {parts.map((part) => {
          const words = returnWords(part, now, unbondingMs)
          const gone = words.state === 'withdrawn' || words.state === 'slashed'
          return (
            <li key={part.position} className={gone ? 'text-ink-3' : ''}>
              <div className="flex items-center justify-between gap-3">
                <span>
                  <Amount value={part.amount} /> <span className="faint">from</span> {part.validatorName}
                </span>
                {words.state === 'over' ? (
                  <Button
                    size="small"
                    aria-label={`Withdraw ${amountWords(part.amount)} AIT from ${part.validatorName}`}
                    onClick={() => onDo('withdraw', String(part.position))}
                  >
                    Withdraw
                  </Button>
                ) : (
                  <b className={`font-[540] ${words.state === 'slashed' ? 'text-bad' : ''}`}>{words.short}</b>
                )}
              </div>
              {!gone && (
                <div className="meter mt-2 mb-1">
                  <i style={{ width: `${words.share * 100}%` }} />
                </div>
              )}
              <span className="text-xs text-ink-3">{words.line}</span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
