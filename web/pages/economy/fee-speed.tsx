import { useId } from 'react'
import type { FeeSpeed, FeesView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Section } from '../../ui/section.tsx'
import { hitWords, SPEED_WORDS, waitWords } from './economy-words.ts'

const SPEEDS: readonly FeeSpeed[] = ['slow', 'standard', 'fast']

export interface FeeSpeedProps {
  readonly fees: FeesView
  /** Gas of a transfer; null: not known yet. */
  readonly transferGas: number | null
}

/** What a tip buys: a slider over the three speeds, with the cost of a transfer in units and the wait in words. */
export function FeeSpeedSection({ fees, transferGas }: FeeSpeedProps) {
  const [speed, setSpeed] = useUrlState<FeeSpeed>('speed', 'standard')
  const id = useId()
  const perGas = BigInt(fees.baseFeePerGas) + BigInt(fees[speed])
  const wait = fees.waits === null ? 'the wait is not known to an observer' : waitWords(fees.waits[speed])
  const waits = hitWords(fees.hitRate.waits, fees.hitRate.sent, 'nothing sent from here yet')
  return (
    <Section title="What sending costs">
      <label className="lab" htmlFor={id}>
        Speed
      </label>
      <input
        id={id}
        className="slider mt-1 w-full"
        type="range"
        min={0}
        max={SPEEDS.length - 1}
        step={1}
        value={SPEEDS.indexOf(speed)}
        aria-valuetext={`${SPEED_WORDS[speed]}, ${wait}`}
        onChange={(event) => setSpeed(SPEEDS[Number(event.target.value)]!)}
      />
      <div className="flex justify-between text-xs text-ink-3" aria-hidden>
        {SPEEDS.map((each) => (
          <span key={each} className={each === speed ? 'text-ink' : ''}>
            {SPEED_WORDS[each]}
          </span>
        ))}
      </div>
      <p className="voice mt-3" style={{ fontSize: '1.125rem', lineHeight: 1.3 }}>
        {transferGas !== null && (
          <>
            A transfer costs <Amount value={String(perGas * BigInt(transferGas))} form="exact" />,{' '}
          </>
        )}
        {wait}.
      </p>
      <div className="mt-3">
        <KeyValues
          rows={[
            ['Base fee', `${integer(BigInt(fees.baseFeePerGas))} nAIT per gas`],
            ['Tip', `${integer(BigInt(fees[speed]))} nAIT per gas`],
            ['Came within its wait', waits],
          ]}
        />
      </div>
    </Section>
  )
}
