/** `aitbc validator stake …` and the other verbs of whoever has stake with validators. */
import type { Command } from 'commander'
import type { NodeMethods, ValidatorView } from '../../node-core/node/node-api.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { formatAit } from '../../node-core/protocol/amount.ts'
import type { Address, Amount } from '../../node-core/protocol/ids.ts'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind, Context } from '../context.ts'
import { CommandFailure } from '../failure.ts'
import { refusalOf } from '../refusals.ts'
import { openSigner, submitAs, withSigner } from '../signer.ts'
import { lossWords, review, wayBackWords } from '../stake-risk.ts'
import { submittedResult } from '../submit.ts'
import { type Operations, submitBatches } from '../submit-batches.ts'
import { VALIDATOR_HELP, validatorNamed } from '../validators.ts'
import { readAit, readWhole, wrongValue } from '../values.ts'
import { partyOf } from '../wallets.ts'
import { fields, table, timeWords } from '../words.ts'
import { addRewards } from './economics.ts'

type Positions = NodeMethods['stake_positions']['result']
type Position = Positions['positions'][number]
type Claim = NodeMethods['stake_rewards']['result']['claimable'][number]

const AMOUNT_HELP = 'AIT, e.g. 1.5'
const ALL = 'all'

export function addStakeVerbs(validator: Command, bind: Bind): void {
  addStake(validator, bind)
  addUnstake(validator, bind)
  addMove(validator, bind)
  addWithdraw(validator, bind)
  addClaim(validator, bind)
  addCompound(validator, bind)
  addPositions(validator, bind)
  addRewards(validator, bind)
}

function addStake(validator: Command, bind: Bind): void {
  const stake = withSigner(validator.command('stake'))
    .argument('<validator>', VALIDATOR_HELP)
    .argument('<amount>', AMOUNT_HELP)
    .description('put money behind a validator; its rewards, less a commission, are yours')
  bind(stake, async (context, [text, amountText], options) => {
    const amount = readPositive(amountText!)
    const signer = await openSigner(context, options)
    const to = await validatorNamed(context.rpc, text!)
    await review(context, (parameters) => [
      `${formatAit(amount)} AIT behind ${shown(to)}`,
      lossWords(to.name, parameters),
      wayBackWords(parameters),
    ])
    const payload = { type: 'stake.delegate', validator: addressOf(to), amount } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}

function addUnstake(validator: Command, bind: Bind): void {
  const unstake = withSigner(validator.command('unstake'))
    .argument('<validator>', VALIDATOR_HELP)
    .argument('<amount|all>', AMOUNT_HELP)
    .description('take stake back; it can be withdrawn when its time is over')
  bind(unstake, async (context, [text, amountText], options) => {
    const wanted = readSome(amountText!)
    const signer = await openSigner(context, options)
    const from = await validatorNamed(context.rpc, text!)
    const amount = wanted ?? (await stakeWith(context, signer.address, from))
    await review(context, (parameters) => [
      `${formatAit(amount)} AIT back from ${shown(from)}`,
      wayBackWords(parameters),
    ])
    const payload = { type: 'stake.undelegate', validator: addressOf(from), amount } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}

function addMove(validator: Command, bind: Bind): void {
  const move = withSigner(validator.command('move'))
    .argument('<from>', VALIDATOR_HELP)
    .argument('<to>', 'the same of the one it goes to')
    .argument('<amount|all>', AMOUNT_HELP)
    .description('move stake from one validator to another at once')
  bind(move, async (context, [fromText, toText, amountText], options) => {
    const wanted = readSome(amountText!)
    const signer = await openSigner(context, options)
    const from = await validatorNamed(context.rpc, fromText!)
    const to = await validatorNamed(context.rpc, toText!)
    const amount = wanted ?? (await stakeWith(context, signer.address, from))
    await review(context, (parameters) => [
      `${formatAit(amount)} AIT from ${shown(from)} to ${shown(to)}`,
      lossWords(`${to.name}, or ${from.name} before now,`, parameters),
      `for the time of a way back it cannot be moved on; ${wayBackWords(parameters)}`,
    ])
    const payload = {
      type: 'stake.redelegate',
      from: addressOf(from),
      to: addressOf(to),
      amount,
    } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}

function addWithdraw(validator: Command, bind: Bind): void {
  const command = withSigner(validator.command('withdraw'))
    .argument('[position]', 'its number, as positions shows it; usual are all whose time is over')
    .description('have stake that was taken back in the balance')
  bind(command, async (context, [text], options) => {
    const named = text === undefined ? null : readWhole('POSITION', text, 0, Number.MAX_SAFE_INTEGER)
    const signer = await openSigner(context, options)
    const due = named === null ? await duePositions(context, signer.address) : [named]
    const withdrawals: Operations<number> = {
      of: due,
      payload: (position) => ({ type: 'stake.withdraw', position }),
      lines: (positions) => [`positions  ${positions.join(', ')}`],
      json: (positions) => ({ positions }),
    }
    return submitBatches(context, signer, withdrawals, options)
  })
}

function addClaim(validator: Command, bind: Bind): void {
  const command = withSigner(validator.command('claim'))
    .argument('[validator]', `${VALIDATOR_HELP}; usual are all that have rewards for you`)
    .description('have rewards that wait in the balance, a validator its commission too')
  bind(command, async (context, [text], options) => {
    const signer = await openSigner(context, options)
    const at = text === undefined ? null : await validatorNamed(context.rpc, text)
    const claims: Operations<Claim> = {
      of: await claimsOf(context, signer.address, at),
      payload: ({ validator }) => ({ type: 'stake.claimRewards', validator: parseAddress(validator)! }),
      lines: claimLines,
      json: (sent) => ({
        validators: sent.map(({ validator }) => validator),
        rewards: formatAit(rewardsOf(sent)),
      }),
    }
    return submitBatches(context, signer, claims, options)
  })
}

function addCompound(validator: Command, bind: Bind): void {
  const compound = withSigner(validator.command('compound'))
    .argument('<validator>', VALIDATOR_HELP)
    .argument('<on|off>', 'on: rewards join the stake; off: they wait to be claimed')
    .description('whether rewards join the stake by themselves')
  bind(compound, async (context, [text, choice], options) => {
    if (choice !== 'on' && choice !== 'off') throw wrongValue('ON|OFF', choice!, 'on or off')
    const signer = await openSigner(context, options)
    const of = await validatorNamed(context.rpc, text!)
    await review(context, (parameters) =>
      choice === 'on'
        ? [
            `rewards join the stake behind ${shown(of)}`,
            lossWords(of.name, parameters),
            wayBackWords(parameters),
          ]
        : [`rewards of ${shown(of)} wait to be claimed, where no slash reaches them`],
    )
    const payload = { type: 'stake.compound', validator: addressOf(of), enabled: choice === 'on' } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}

function addPositions(validator: Command, bind: Bind): void {
  const positions = validator
    .command('positions')
    .argument('<name|address>', 'a wallet here or an address')
    .description('stake with validators, on its way back, moved, and withdrawn')
  bind(positions, async (context, [text]) => {
    const address = formatAddress(await partyOf(context, text!))
    const view = await context.rpc.call('stake_positions', { address })
    return { json: amountsInAit(view), lines: positionLines(view) }
  })
}

function positionLines({ positions, totals }: Positions): string[] {
  const rows = positions.map((each) => [
    each.position === null ? '' : String(each.position),
    each.validatorName || each.validator,
    stateWords(each),
    inAit(each.amount),
    inAit(each.lost),
    inAit(each.rewards),
    freeWords(each),
  ])
  return [
    ...(rows.length === 0
      ? ['no stake with any validator']
      : table([['position', 'validator', 'state', 'amount', 'lost', 'rewards', 'free, UTC'], ...rows])),
    ...fields([
      ['active', `${inAit(totals.active)} AIT`],
      [
        'on its way back',
        `${inAit(totals.unstaking)} AIT, of which ${inAit(totals.withdrawable)} can be withdrawn`,
      ],
      ['rewards', `${inAit(totals.rewards)} AIT`],
    ]),
  ]
}

function stateWords({ kind, state, from, compounding }: Position): string {
  if (state === 'slashed') return 'all lost'
  if (kind === 'redelegation') return `moved from ${from}`
  if (state === 'active') return compounding ? 'compounds' : 'active'
  return state === 'withdrawn' ? 'withdrawn' : 'on its way back'
}

function freeWords({ kind, state, releasedAtMs, blocksLeft }: Position): string {
  if (kind === 'delegation' || state === 'withdrawn') return ''
  if (releasedAtMs === null) return 'after its epoch'
  return blocksLeft === 0 ? 'now' : timeWords(releasedAtMs)
}

/** Of what is on its way back, the numbers of what has arrived, the oldest first. */
async function duePositions({ rpc }: Context, owner: Address): Promise<readonly number[]> {
  const { positions } = await rpc.call('stake_positions', { address: formatAddress(owner) })
  const waiting = positions.filter(({ state }) => state === 'unstaking')
  const due = waiting.flatMap(({ position, blocksLeft }) =>
    blocksLeft === 0 && position !== null ? [position] : [],
  )
  if (due.length > 0) return due
  if (waiting.length === 0)
    throw new CommandFailure('nothing-to-withdraw', 'nothing is on its way back; unstake takes stake back')
  const times = waiting.flatMap(({ releasedAtMs }) => releasedAtMs ?? [])
  throw refusedHere('still-unbonding', { releasesAtMs: times.length === 0 ? '' : String(Math.min(...times)) })
}

/** What has rewards, at one validator or at all: a claim of nothing would fail its whole batch. */
async function claimsOf(
  { rpc }: Context,
  owner: Address,
  at: ValidatorView | null,
): Promise<readonly Claim[]> {
  const { claimable } = await rpc.call('stake_rewards', { address: formatAddress(owner) })
  const asked = claimable.filter(({ validator }) => at === null || validator === at.address)
  if (at !== null && asked.length === 0) throw refusedHere('unknown-delegation', { validator: at.address })
  const paying = asked.filter((claim) => rewardsOf([claim]) > 0n)
  if (paying.length === 0) throw refusedHere('nothing-to-claim', {})
  return paying
}

function rewardsOf(claims: readonly Claim[]): Amount {
  return claims.reduce((sum, { amount, commission }) => sum + BigInt(amount) + BigInt(commission), 0n)
}

function claimLines(claims: readonly Claim[]): string[] {
  const lines = claims.map(
    (claim) => `${formatAit(rewardsOf([claim]))} AIT of ${claim.validatorName} (${claim.validator})`,
  )
  return claims.length === 1 ? lines : [...lines, `${formatAit(rewardsOf(claims))} AIT in all`]
}

/** All that the account has with a validator. */
async function stakeWith({ rpc }: Context, owner: Address, { address }: ValidatorView): Promise<Amount> {
  const { positions } = await rpc.call('stake_positions', { address: formatAddress(owner) })
  const own = positions.find(({ kind, validator }) => kind === 'delegation' && validator === address)
  if (own === undefined) throw refusedHere('unknown-delegation', { validator: address })
  return BigInt(own.amount)
}

/** As the chain would refuse it, without a fee for that. */
function refusedHere(code: string, facts: Readonly<Record<string, string>>): CommandFailure {
  const { message, data } = refusalOf(code, facts)
  return new CommandFailure(code, message, data)
}

function readPositive(text: string): Amount {
  const amount = readAit('AMOUNT', text)
  if (amount === 0n) throw wrongValue('AMOUNT', text, 'more than nothing')
  return amount
}

/** null: all. */
function readSome(text: string): Amount | null {
  return text === ALL ? null : readPositive(text)
}

function addressOf({ address }: ValidatorView): Address {
  return parseAddress(address)!
}

function shown({ name, address }: ValidatorView): string {
  return `${name} (${address})`
}
