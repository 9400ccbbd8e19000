/** `aitbc economics …`: what things cost, who earns, how concentrated the power is, and whether somebody plays foul. */
import type { Command } from 'commander'
import type { NodeMethods } from '../../node-core/node/node-api.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind } from '../context.ts'
import { readWhole } from '../values.ts'
import { partyOf } from '../wallets.ts'
import { fields, percent, table, timeWords } from '../words.ts'

type Result<M extends keyof NodeMethods> = NodeMethods[M]['result']

const MOST_BLOCKS = 1_000
const WEEK_SECONDS = 7 * 24 * 3_600
const NOT_KNOWN = 'not known'

export function economicsCommands(program: Command, bind: Bind): void {
  const economics = program.command('economics').description('fees, rewards, supply and attacks')
  addFees(economics, bind)
  addGasReport(economics, bind)
  addStats(economics, bind)
  addRewards(economics, bind)
  addAttacks(economics, bind)
}

function addFees(economics: Command, bind: Bind): void {
  const price = economics
    .command('gas-price')
    .description('the base fee now and the tips that others paid, AIT for one unit of gas')
  bind(price, async ({ rpc }) => {
    const fees = await rpc.call('economy_fees', {})
    return { json: amountsInAit(fees), lines: priceLines(fees) }
  })
  const forecast = economics
    .command('forecast')
    .description('base fees of the next blocks, and how often such forecasts came true')
  bind(forecast, async ({ rpc }) => {
    const fees = await rpc.call('economy_fees', {})
    return { json: amountsInAit(fees), lines: forecastLines(fees) }
  })
}

function priceLines({ waits, ...fees }: Result<'economy_fees'>): string[] {
  const tip = (speed: 'slow' | 'standard' | 'fast') => {
    const wait = waits?.[speed]
    return [`${speed} tip`, inAit(fees[speed]), wait === undefined ? '' : `in ${blocks(wait)}`]
  }
  return table([['base fee', inAit(fees.baseFeePerGas), ''], tip('slow'), tip('standard'), tip('fast')])
}

function forecastLines({ forecast, hitRate }: Result<'economy_fees'>): string[] {
  const rows = forecast.map(({ height, low, expected, high }) => [
    String(height),
    inAit(low),
    inAit(expected),
    inAit(high),
  ])
  return [
    ...table([['height', 'low', 'expected', 'high'], ...rows]),
    ...fields([
      ['came true', cameTrue(hitRate.forecast, hitRate.forecasts)],
      ['in time', cameTrue(hitRate.waits, hitRate.sent)],
    ]),
  ]
}

function cameTrue(rate: number | null, count: number): string {
  return rate === null ? NOT_KNOWN : `${percent(rate)} of ${count}`
}

function addGasReport(economics: Command, bind: Bind): void {
  const report = economics
    .command('gas-report')
    .option('--blocks <n>', `of the newest blocks; at most ${MOST_BLOCKS}, which is also usual`)
    .description('gas by operation, and what batches would have saved')
  bind(report, async ({ rpc }, _args, options) => {
    const text = options.blocks as string | undefined
    const params = text === undefined ? {} : { blocks: readWhole('--blocks', text, 1, MOST_BLOCKS) }
    const view = await rpc.call('economy_gas', params)
    return { json: amountsInAit(view), lines: gasLines(view) }
  })
}

function gasLines({ fromHeight, toHeight, operations, batching }: Result<'economy_gas'>): string[] {
  const rows = operations.map(({ type, count, failed, gas, fees }) => [
    type,
    String(count),
    String(failed),
    String(gas),
    inAit(fees),
  ])
  return [
    `heights ${fromHeight} to ${toHeight}`,
    ...table([['operation', 'count', 'failed', 'gas', 'fees'], ...rows]),
    `batches would have saved ${batching.gasSaved} gas, ${inAit(batching.feesSaved)} AIT, on ${batching.transactions} transactions`,
  ]
}

function addStats(economics: Command, bind: Bind): void {
  const stats = economics
    .command('stats')
    .option('--window <s>', 'seconds that finality and throughput are of; usual are 300')
    .description('finality, throughput, supply and concentration')
  bind(stats, async ({ rpc }, _args, options) => {
    const text = options.window as string | undefined
    const params =
      text === undefined ? {} : { windowMs: 1_000 * readWhole('--window', text, 1, WEEK_SECONDS) }
    const view = await rpc.call('economy_stats', params)
    return { json: amountsInAit(view), lines: statsLines(view) }
  })
}

function statsLines(view: Result<'economy_stats'>): string[] {
  const { supply, concentration } = view
  const milliseconds = (value: number | null) => (value === null ? NOT_KNOWN : `${Math.round(value)} ms`)
  return fields([
    ['window', `${view.windowMs / 1_000} s, ${view.blocks} blocks, ${view.transactions} transactions`],
    ['throughput', `${view.transactionsPerSecond} transactions/s`],
    ['finality, p50', milliseconds(view.finalityP50Ms)],
    ['finality, p95', milliseconds(view.finalityP95Ms)],
    ['block interval', milliseconds(view.blockIntervalMs)],
    ...Object.entries(supply).map(([place, amount]) => [place, `${inAit(amount)} AIT`] as const),
    ['validators to stop it', concentration.nakamoto],
    ['entities to stop it', concentration.nakamotoOfEntities],
    ['largest share', percent(concentration.largestShare)],
    ['Gini coefficient', (concentration.gini / 1_000_000).toFixed(3)],
  ])
}

/** The same of a delegator under `validator` as of anyone here. */
export function addRewards(group: Command, bind: Bind): void {
  const rewards = group
    .command('rewards')
    .argument('<name|address>', 'a wallet here or an address')
    .description('what can be claimed, and what was earned by the end of each epoch')
  bind(rewards, async (context, [text]) => {
    const address = formatAddress(await partyOf(context, text!))
    const view = await context.rpc.call('stake_rewards', { address })
    return { json: amountsInAit(view), lines: rewardLines(view) }
  })
}

/** Ends of epochs that are told in lines; all are in the JSON. */
const SHOWN_EPOCHS = 10

function rewardLines({ claimable, history, annualRate }: Result<'stake_rewards'>): string[] {
  const waiting = claimable.map(({ validator, validatorName, amount, commission }) => [
    validatorName || validator,
    inAit(amount),
    inAit(commission),
  ])
  const ends = history
    .slice(-SHOWN_EPOCHS)
    .map(({ epoch, atMs, earned, stake }) => [String(epoch), timeWords(atMs), inAit(earned), inAit(stake)])
  return [
    ...(waiting.length === 0
      ? ['no stake with any validator']
      : table([['validator', 'claimable', 'commission'], ...waiting])),
    ...(ends.length === 0 ? [] : ['', ...table([['epoch', 'ended', 'earned in all', 'stake'], ...ends])]),
    ...fields([['a year', annualRate === null ? NOT_KNOWN : percent(annualRate)]]),
  ]
}

function addAttacks(economics: Command, bind: Bind): void {
  const attacks = economics
    .command('attacks')
    .description('what each detector of attacks measures now, and who may be one party')
  bind(attacks, async ({ rpc }) => {
    const view = await rpc.call('economy_attacks', {})
    return { json: amountsInAit(view), lines: attackLines(view) }
  })
}

type Attacks = Result<'economy_attacks'>

/** What a person may do about it. */
const ACTIONS: Readonly<Record<Attacks['detectors'][number]['type'], string>> = {
  sybil: 'look at who they are before you count them as different',
  'stake-grinding': 'nothing, unless it is your account: then let its stake rest',
  'nothing-at-stake':
    'aitbc validator send-evidence if no validator has; of one that is absent, ask who runs it',
  'long-range': 'tell newcomers to start from a checkpoint of somebody they trust',
  'front-running': 'look at the blocks, and move your delegation if they are not by chance',
  'gas-manipulation': 'wait until the base fee has come down, unless yours cannot',
  'stake-concentration': 'delegate to validators that hold less',
  'wash-trading': 'do not count the reputation of such deals',
}

function attackLines({ height, detectors, concentration, distribution }: Attacks): string[] {
  const rows = detectors.map((each) => [
    each.type,
    each.threat ?? 'silent',
    measured(each.value, each.unit),
    measured(each.threshold, each.unit),
    each.response,
    each.suspects.join(' '),
  ])
  const together = concentration.entities.filter(({ validators }) => validators.length > 1)
  return [
    `at height ${height}`,
    ...table([['attack', 'threat', 'measured', 'speaks from', 'response', 'suspects'], ...rows]),
    ...detectors.filter(({ threat }) => threat !== null).map(({ type }) => `${type}: ${ACTIONS[type]}`),
    ...together.map(
      ({ validators, share, because }) =>
        `${percent(share)} of the power may be one party, by ${because.replace('-', ' ')}: ${validators.join(' ')}`,
    ),
    ...distributionLines(distribution),
  ]
}

function distributionLines({
  effectiveEntities,
  rewards,
  baseFeeBlocks,
  baseFeeSpread,
}: Attacks['distribution']): string[] {
  return fields([
    ['as diverse as', `${(effectiveEntities / 1_000_000).toFixed(1)} equal entities`],
    ['rewards, Gini', rewards === null ? NOT_KNOWN : (rewards.gini / 1_000_000).toFixed(3)],
    ['largest reward', rewards === null ? NOT_KNOWN : percent(rewards.largestShare)],
    [
      'base fee strays by',
      baseFeeSpread === null ? NOT_KNOWN : `${percent(baseFeeSpread)} in ${blocks(baseFeeBlocks)}`,
    ],
  ])
}

function measured(value: number, unit: Result<'economy_attacks'>['detectors'][number]['unit']): string {
  switch (unit) {
    case 'millionths':
      return percent(value)
    case 'times-millionths':
      return `${(value / 1_000_000).toFixed(2)} times`
    case 'count':
      return String(value)
  }
}

function blocks(count: number): string {
  return count === 1 ? '1 block' : `${count} blocks`
}
