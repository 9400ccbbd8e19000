/** `aitbc validator list` and `show`. */
import type { Command } from 'commander'
import type { SlashView, ValidatorView } from '../../node-core/node/node-api.ts'
import { formatAit } from '../../node-core/protocol/amount.ts'
import type { ChainParameters } from '../../node-core/protocol/genesis.ts'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind } from '../context.ts'
import { parametersOf } from '../stake-risk.ts'
import { VALIDATOR_HELP, validatorNamed } from '../validators.ts'
import { fields, percent, table, timeWords } from '../words.ts'

export function addViews(validator: Command, bind: Bind): void {
  bind(
    validator.command('list').description('all validators, and what they pay and take'),
    async ({ rpc }) => {
      const list = await rpc.call('validator_list', {})
      const rows = list.validators.map((entry) => [
        entry.name,
        entry.address,
        entry.state,
        inAit(entry.stake),
        percent(entry.power),
        percent(entry.commission),
        known(entry.uptime),
        known(entry.annualRate),
      ])
      const head = ['name', 'address', 'state', 'stake', 'power', 'commission', 'uptime', 'a year']
      const lines = [
        `epoch ${list.epoch}, heights ${list.firstHeight} to ${list.lastHeight}`,
        ...table([head, ...rows]),
      ]
      return { json: amountsInAit(list), lines }
    },
  )
  const show = validator
    .command('show')
    .argument('<validator>', VALIDATOR_HELP)
    .description('one validator: stake, terms, presence, punishments')
  bind(show, async ({ rpc }, [text]) => {
    const view = await validatorNamed(rpc, text!)
    return { json: amountsInAit(view), lines: validatorLines(view, await parametersOf(rpc)) }
  })
}

function validatorLines(view: ValidatorView, parameters: ChainParameters): string[] {
  const { stake, selfStake, jail, offences, announced } = view
  const delegated = formatAit(BigInt(stake) - BigInt(selfStake))
  return [
    ...fields([
      ['name', view.name],
      ['address', view.address],
      ['state', view.state],
      ...(jail === null ? [] : [['jail', jailWords(jail)] as const]),
      ['stake', `${inAit(stake)} AIT: ${inAit(selfStake)} of its own, ${delegated} delegated`],
      ['delegators', view.delegators],
      ['power', percent(view.power)],
      ['commission', percent(view.commission)],
      ...(announced === null ? [] : [['announced', announcedWords(announced)] as const]),
      ['uptime', known(view.uptime)],
      ['performance', percent(view.performance)],
      ['a year', known(view.annualRate)],
      ['absent', `${offences.unavailable} times; slashed at ${parameters.unavailableOffences}`],
      ['slow', `${offences.slow} times; slashed at ${parameters.slowOffences}`],
      ['slashes', view.slashes.length],
    ]),
    ...slashLines(view.slashes),
  ]
}

function known(millionths: number | null): string {
  return millionths === null ? 'not known' : percent(millionths)
}

function jailWords({ reason, releasesAtMs }: NonNullable<ValidatorView['jail']>): string {
  return `for ${reason}; may leave from ${timeWords(releasesAtMs)} UTC on, by unjail`
}

function announcedWords({ name, commission, fromEpoch }: NonNullable<ValidatorView['announced']>): string {
  return `${name}, commission ${percent(commission)}, from epoch ${fromEpoch} on`
}

function slashLines(slashes: readonly SlashView[]): string[] {
  if (slashes.length === 0) return []
  const rows = slashes.map(({ height, atMs, offence, fraction, amount }) => [
    String(height),
    timeWords(atMs),
    offence,
    percent(fraction),
    `${inAit(amount)} AIT`,
  ])
  return table([['height', 'when, UTC', 'for', 'share', 'lost'], ...rows])
}
