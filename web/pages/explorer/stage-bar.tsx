import type { TransactionView } from '../../../node-core/node/node-api.ts'
import { Disc } from '../../ui/disc.tsx'
import { type StageMark, stageReason, stagesOf } from './transaction-words.ts'

const STATE_WORDS: Readonly<Record<StageMark['state'], string>> = {
  done: 'done',
  now: 'here now',
  later: 'not yet',
  missed: 'never',
}

/** Pool, proposed, prepared, decided: discs on a line, down the page on a phone. */
export function StageBar({
  transaction,
}: {
  transaction: Pick<TransactionView, 'status' | 'height' | 'validUntilHeight'>
}) {
  const stages = stagesOf(transaction.status)
  return (
    <>
      <ol className="mt-1.5 grid grid-cols-4 max-phone:grid-cols-1" aria-label="Way of the transaction">
        {stages.map((mark, index) => (
          <li
            key={mark.stage}
            className="relative pt-7 text-xs text-ink-3 max-phone:flex max-phone:justify-between max-phone:pt-0 max-phone:pb-3 max-phone:pl-[30px]"
            aria-current={mark.state === 'now' ? 'step' : undefined}
          >
            {index < stages.length - 1 && (
              <i
                className={`absolute top-[9px] right-1 left-[22px] border-t max-phone:top-5 max-phone:right-auto max-phone:bottom-0 max-phone:left-2 max-phone:border-t-0 max-phone:border-l ${mark.state === 'done' ? 'border-lit' : 'border-line'}`}
              />
            )}
            <span className="absolute top-0 left-0">
              <Disc share={mark.state === 'now' ? 0.5 : 0} decided={mark.state === 'done'} radius={8} />
            </span>
            <b
              className={`block text-sm font-strong ${mark.state === 'done' || mark.state === 'now' ? 'text-ink' : 'text-ink-3'}`}
            >
              {mark.name}
            </b>
            <span className={mark.state === 'missed' ? 'text-bad' : ''}>{STATE_WORDS[mark.state]}</span>
          </li>
        ))}
      </ol>
      <p className="mt-3 max-w-[82ch] text-sm text-ink-2">{stageReason(transaction)}</p>
    </>
  )
}
