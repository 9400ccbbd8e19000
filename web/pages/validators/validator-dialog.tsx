import { Link } from '@tanstack/react-router'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer, percent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { heartbeatSentence } from '../../ui/heartbeat-words.ts'
import { Id } from '../../ui/id.tsx'
import { shortId } from '../../ui/id-words.ts'
import { States } from '../../ui/states.tsx'
import { useNow } from '../../ui/time.tsx'
import { type Names, useNames } from '../use-names.ts'
import type { ValidatorsDialog } from './own-validator.tsx'
import { announcedWords, jailWords, offenceCount } from './slash-words.ts'
import { SlashLine } from './slashes.tsx'
import { isPunished, stateWords, takesStake } from './validators-words.ts'

/** One validator's facts, opened by its address in the path. */
export function ValidatorDialog({
  address,
  own,
  votes,
  onDo,
  onClose,
}: {
  address: string
  /** This tab's account. */
  own: string | null
  /** This tab votes on who enters. */
  votes: boolean
  onDo: (dialog: ValidatorsDialog, at: string) => void
  onClose: () => void
}) {
  const query = useQuery('validator_get', { address })
  const names = useNames()
  return (
    <Dialog open onClose={onClose} title={query.data?.name ?? shortId(address)}>
      <States query={query} what="the validator" skeletonRows={6}>
        {(validator) => (
          <>
            <div className="mb-4 flex items-center gap-4">
              <Flag address={address} size={44} own={address === own} />
              <div className="min-w-0">
                <Heartbeat name={validator.name} beats={validator.heartbeat} own={address === own} />
                <p className="mt-1 text-xs text-ink-3">
                  {heartbeatSentence(validator.name, validator.heartbeat)}
                </p>
              </div>
            </div>
            <Jail validator={validator} />
            <KeyValues rows={factsOf(validator)} />
            <Slashes validator={validator} names={names} />
            <div className="btns mt-4">
              {own !== null && takesStake(validator) && (
                <Button onClick={() => onDo('delegate', address)}>Delegate</Button>
              )}
              {votes && address !== own && (
                <Button onClick={() => onDo(validator.admitted ? 'expel' : 'admit', address)}>
                  {validator.admitted ? 'Vote to expel' : 'Vote to admit'}
                </Button>
              )}
              <Link className="btn quiet" to={`/explorer/account/${address}`}>
                Its account and history
              </Link>
            </div>
          </>
        )}
      </States>
    </Dialog>
  )
}

function Jail({ validator }: { readonly validator: ValidatorView }) {
  const words = jailWords(validator, useNow())
  return words === null ? null : <p className="mb-3 text-sm text-bad">{words}</p>
}

type Rows = Parameters<typeof KeyValues>[0]['rows']

function factsOf(validator: ValidatorView): Rows {
  const announced = announcedWords(validator)
  const offences = offenceCount(validator)
  const delegated = String(BigInt(validator.stake) - BigInt(validator.selfStake))
  return [
    ['State', stateWords(validator), isPunished(validator) ? 'text-bad' : undefined],
    ['Address', <Id key="address" value={validator.address} kind="address" />],
    ['Validator key', <Id key="key" value={validator.validatorKey} kind="validator key" />],
    ['Stake', <Amount key="stake" value={validator.stake} form="exact" />],
    ['Of that, its own', <Amount key="own" value={validator.selfStake} form="exact" />],
    [
      `Delegated by ${integer(validator.delegators)}`,
      <Amount key="delegated" value={delegated} form="exact" />,
    ],
    ['Share of power', validator.power === 0 ? 'none' : percent(validator.power)],
    ['Commission', percent(validator.commission)],
    ...(announced === null ? [] : [['Commission, announced', announced] as const]),
    [
      'Earned by delegators, a year',
      validator.annualRate === null ? 'not known yet' : percent(validator.annualRate),
    ],
    ['Uptime, last 50 heights', validator.uptime === null ? 'not seen yet' : percent(validator.uptime)],
    ['Performance', (validator.performance / 1_000_000).toFixed(3)],
    ['Offences', offences ?? 'none', offences === null ? undefined : 'text-warn'],
    ['Registered at height', integer(validator.registeredAtHeight)],
    [
      'With power from height',
      validator.activeFromHeight === null ? 'not known' : integer(validator.activeFromHeight),
    ],
  ]
}

function Slashes({ validator, names }: { readonly validator: ValidatorView; readonly names: Names }) {
  if (validator.slashes.length === 0) return null
  return (
    <>
      <h3 className="mt-4 text-sm">Slashes</h3>
      <ul className="list">
        {validator.slashes.map((slash) => (
          <li key={`${slash.height} ${slash.offence}`}>
            <SlashLine validator={validator} slash={slash} names={names} />
          </li>
        ))}
      </ul>
    </>
  )
}
