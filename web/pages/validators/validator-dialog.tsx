import { Link } from '@tanstack/react-router'
import { useQuery } from '../../hooks/use-query.ts'
import { integer, percent } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { heartbeatSentence } from '../../ui/heartbeat-words.ts'
import { Id } from '../../ui/id.tsx'
import { shortId } from '../../ui/id-words.ts'
import { States } from '../../ui/states.tsx'
import { isPunished, stateWords } from './validators-words.ts'

/** One validator's facts, opened by its address in the path. */
export function ValidatorDialog({
  address,
  own,
  onClose,
}: {
  address: string
  own: boolean
  onClose: () => void
}) {
  const query = useQuery('validator_get', { address })
  return (
    <Dialog open onClose={onClose} title={query.data?.name ?? shortId(address)}>
      <States query={query} what="the validator" skeletonRows={6}>
        {(validator) => (
          <>
            <div className="mb-4 flex items-center gap-4">
              <Flag address={address} size={44} own={own} />
              <div className="min-w-0">
                <Heartbeat name={validator.name} beats={validator.heartbeat} own={own} />
                <p className="mt-1 text-xs text-ink-3">
                  {heartbeatSentence(validator.name, validator.heartbeat)}
                </p>
              </div>
            </div>
            <KeyValues
              rows={[
                ['State', stateWords(validator), isPunished(validator) ? 'text-bad' : undefined],
                ['Address', <Id key="address" value={address} kind="address" />],
                ['Validator key', <Id key="key" value={validator.validatorKey} kind="validator key" />],
                ['Stake', <Amount key="stake" value={validator.stake} form="exact" />],
                ['Share of power', validator.power === 0 ? 'none' : percent(validator.power)],
                ['Commission', percent(validator.commission)],
                ['Performance', (validator.performance / 1_000_000).toFixed(3)],
                ['Registered at height', integer(validator.registeredAtHeight)],
                [
                  'With power from height',
                  validator.activeFromHeight === null ? 'not known' : integer(validator.activeFromHeight),
                ],
              ]}
            />
            <p className="mt-3">
              <Link className="more underline underline-offset-3" to={`/explorer/account/${address}`}>
                Its account and history
              </Link>
            </p>
          </>
        )}
      </States>
    </Dialog>
  )
}
