import type { ReactNode } from 'react'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import { integer, percent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Who } from '../../ui/who.tsx'
import { announcedWords, offenceCount } from './slash-words.ts'
import { stateWords } from './validators-words.ts'

export interface CompareDialogProps {
  readonly pair: readonly [ValidatorView, ValidatorView]
  readonly own: string | null
  readonly canStake: boolean
  readonly onDelegate: (address: string) => void
  readonly onClose: () => void
}

/** Two validators in one table, line by line. */
export function CompareDialog({ pair, own, canStake, onDelegate, onClose }: CompareDialogProps) {
  return (
    <Dialog open onClose={onClose} title="Compare two validators" width={640}>
      <table className="tbl">
        <caption className="sr">{`${pair[0].name} beside ${pair[1].name}`}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Figure</span>
            </th>
            {pair.map((validator) => (
              <th key={validator.address} scope="col" className="r">
                <Who address={validator.address} name={validator.name} own={validator.address === own} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([name, cell]) => (
            <tr key={name}>
              <th scope="row" className="!text-sm !whitespace-normal">
                {name}
              </th>
              {pair.map((validator) => (
                <td key={validator.address} className="r !whitespace-normal">
                  {cell(validator)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {canStake && (
          <tfoot>
            <tr>
              <td className="!border-b-0" />
              {pair.map(({ address, name }) => (
                <td key={address} className="r !border-b-0">
                  <Button size="small" aria-label={`Delegate to ${name}`} onClick={() => onDelegate(address)}>
                    Delegate
                  </Button>
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </Dialog>
  )
}

const ROWS: readonly (readonly [string, (validator: ValidatorView) => ReactNode])[] = [
  ['State', stateWords],
  ['Stake', ({ stake }) => <Amount value={stake} />],
  ['Of that, its own', ({ selfStake }) => <Amount value={selfStake} />],
  ['Delegators', ({ delegators }) => integer(delegators)],
  ['Power', ({ power }) => (power === 0 ? 'none' : percent(power))],
  ['Commission', ({ commission }) => percent(commission)],
  ['Announced', (validator) => announcedWords(validator) ?? 'no change'],
  [
    'Earned by delegators, a year',
    ({ annualRate }) => (annualRate === null ? 'not known yet' : percent(annualRate)),
  ],
  ['Uptime, last 50 heights', ({ uptime }) => (uptime === null ? 'not seen yet' : percent(uptime))],
  ['Performance', ({ performance }) => (performance / 1_000_000).toFixed(3)],
  ['Offences', (validator) => offenceCount(validator) ?? 'none'],
  ['Slashes known here', ({ slashes }) => (slashes.length === 0 ? 'none' : integer(slashes.length))],
]
