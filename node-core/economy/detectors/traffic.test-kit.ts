/**
 * Three hours of a chain by seed, as facts: honest traffic with what happens to honest people (busy hours, outages, a popular
 * shop, an exchange that funds many, regulars of a market), and on it one attack of varying strength. Two hours fill the windows.
 */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Amount, Height } from '../../protocol/ids.ts'
import { Random } from '../../sim/random.ts'
import { nextBaseFee } from '../base-fee.ts'
import { entitiesOf, type Holder } from '../concentration.ts'
import { detect } from './detect.ts'
import type { AttackType, Finding } from './finding.ts'
import type { BlockFacts, Deal, Observation, StakeMove, TransactionFacts } from './observation.ts'
import { TrafficWindow } from './traffic-window.ts'

const BLOCK_MS = 15_000
const BLOCKS = 720
const WARM_BLOCKS = 480
const DAY_BLOCKS = 5_760
const HOUR_MS = 3_600_000
const FIRST_HEIGHT = 2_000_000
const GAS_LIMIT = 3_000_000
/** Of one transaction of who fills blocks. */
const FILLING_GAS = 50_000
/** Transactions. */
const FULL_BLOCK = 70
const GENESIS_FEE = 1_000n
const TRUSTING_MS = 14 * 24 * HOUR_MS
const MIN_FEE_DIVISOR = 10n

interface Run {
  readonly random: Random
  readonly attack: AttackType | null
  readonly holders: Holder[]
  readonly users: readonly Address[]
  /** Of users and of the mover: most began with the money of one of a few exchanges. */
  readonly parties: ReadonlyMap<Address, Address>
  /** Accounts that a grinder, or who fills blocks, takes turns with; their funder is not among them. */
  readonly split: number
  readonly stakes: Map<Address, Amount>
  /** Who attacks: a member of the set where that matters. */
  readonly villain: Holder
  /** How hard, 0 to 1. */
  readonly strength: number
  /** Shares of certificates that each does not sign. */
  readonly absence: ReadonlyMap<Address, number>
  readonly outage: { readonly of: Address; readonly from: number; readonly until: number }
  readonly busy: { readonly from: number; readonly until: number; readonly times: number }
  readonly gasAttackFrom: number
  /** Somebody who moves all of a large stake, a few times. */
  readonly mover: { readonly every: number; readonly times: number; readonly validator: Address }
}

const addressOf = (kind: number, number: number) =>
  `0x${(kind * 1_000_000 + number).toString(16).padStart(40, '0')}` as Address

const MOVER = addressOf(10, 0)

/** What every detector said at each of the looks, one every five minutes of the last hour. */
export function runTraffic(seed: number, attack: AttackType | null): Finding[][] {
  const run = begin(seed, attack)
  const window = new TrafficWindow()
  const looks: Finding[][] = []
  const deals = dealsOf(run)
  let baseFee = GENESIS_FEE
  for (let i = 0; i < BLOCKS; i++) {
    const block = blockOf(run, i, baseFee)
    baseFee = nextFee(block)
    window.add(block)
    if (i >= WARM_BLOCKS && i % 20 === 19) {
      const seen = observe(run, window, { height: block.height, nowMs: block.timeMs, baseFee, deals })
      looks.push(detect(seen))
    }
  }
  return looks
}

function begin(seed: number, attack: AttackType | null): Run {
  const random = new Random(seed)
  const holders = holdersOf(random)
  const villain = random.pick(holders)
  const strength = random.next()
  if (attack === 'sybil') makeSybils(random, holders, strength)
  if (attack === 'stake-concentration') concentrate(random, holders)
  const users = Array.from({ length: 60 }, (_, i) => addressOf(2, i))
  const outageFrom = random.below(BLOCKS)
  const busyFrom = random.below(BLOCKS)
  return {
    random,
    attack,
    holders,
    users,
    parties: new Map(
      [...users, MOVER].map((user) => [user, random.chance(0.8) ? addressOf(3, random.below(3)) : user]),
    ),
    split: 1 + random.below(6),
    stakes: new Map(holders.map(({ address, power }) => [address, power])),
    villain,
    strength,
    absence: new Map(holders.map(({ address }) => [address, random.next() * 0.15])),
    // Up to forty minutes.
    outage: { of: random.pick(holders).address, from: outageFrom, until: outageFrom + random.below(160) },
    // When all others fill the blocks, nobody drives the fee alone.
    busy: {
      from: busyFrom,
      until: busyFrom + random.below(120),
      times: attack === 'gas-manipulation' ? 1 : 1 + random.below(6),
    },
    gasAttackFrom: WARM_BLOCKS + random.below(120),
    mover: { every: 4 + random.below(20), times: random.below(10), validator: random.pick(holders).address },
  }
}

/** Of a year, half of them with money from one of a few exchanges; some share an address with another. */
function holdersOf(random: Random): Holder[] {
  const count = 9 + random.below(32)
  return Array.from({ length: count }, (_, i) => ({
    address: addressOf(1, i),
    power: 1_000_000n + BigInt(random.below(1_500_000)),
    funder: random.chance(0.5) ? addressOf(3, random.below(6)) : null,
    registeredAtHeight: random.below(365) * DAY_BLOCKS,
    host: random.chance(0.03) ? 'home' : `host ${i}`,
  }))
}

/** Two to five of one party, with more than a tenth of the power. */
function makeSybils(random: Random, holders: Holder[], strength: number): void {
  const byMoney = random.chance(0.5)
  const count = (byMoney ? 2 : 3) + random.below(3)
  const others = holders.slice(count).reduce((sum, { power }) => sum + power, 0n)
  const each =
    (others * BigInt(Math.floor(140_000 + strength * 500_000))) / BigInt(ONE_MILLION) / BigInt(count)
  for (let i = 0; i < count; i++) {
    const registeredAtHeight = FIRST_HEIGHT + random.below(DAY_BLOCKS / count)
    const same = byMoney ? { funder: addressOf(4, 0), registeredAtHeight } : { host: 'rack' }
    holders[i] = { ...holders[i]!, power: each, ...same }
  }
}

/** One or two get so much that they could stop the chain. */
function concentrate(random: Random, holders: Holder[]): void {
  const count = 1 + random.below(2)
  const others = holders.slice(count).reduce((sum, { power }) => sum + power, 0n)
  const share = 55 + random.below(100)
  for (let i = 0; i < count; i++)
    holders[i] = { ...holders[i]!, power: (others * BigInt(share)) / 100n / BigInt(count) }
}

function blockOf(run: Run, i: number, baseFee: Amount): BlockFacts {
  const { random, holders } = run
  const proposer = run.attack === 'front-running' && random.chance(0.2) ? run.villain : random.pick(holders)
  const transactions = transactionsOf(run, i)
  if (run.attack === 'front-running' && proposer === run.villain) frontRun(run, transactions)
  move(run, i, transactions)
  if (run.attack === 'stake-grinding') grind(run, i, transactions)
  if (run.attack === 'gas-manipulation') fill(run, i, transactions)
  return {
    height: FIRST_HEIGHT + i,
    timeMs: timeAt(i),
    proposer: proposer.address,
    baseFee,
    gasUsed: transactions.reduce((sum, { gas }) => sum + gas, 0),
    transactions,
    signers: holders.map(({ address }) => ({ validator: address, signed: signs(run, i, address) })),
  }
}

const timeAt = (i: number) => 1_700_000_000_000 + i * BLOCK_MS

function signs(
  { random, attack, villain, strength, absence, outage }: Run,
  i: number,
  validator: Address,
): boolean {
  const isOut = outage.of === validator && i >= outage.from && i < outage.until
  const abstains = attack === 'nothing-at-stake' && validator === villain.address
  if (abstains && random.chance(0.6 + strength * 0.4)) return false
  return !isOut && !random.chance(absence.get(validator)!)
}

/** A fifth to a third of the block, several times as much in a busy time; by everybody, with a shop and an app among them. */
function transactionsOf(run: Run, i: number): TransactionFacts[] {
  const { random, busy } = run
  const times = i >= busy.from && i < busy.until ? busy.times : 1
  const count = Math.min(FULL_BLOCK, (8 + random.below(8)) * times)
  return Array.from({ length: count }, () => honestTransaction(run))
}

function honestTransaction(run: Run): TransactionFacts {
  const { random, users, holders, stakes } = run
  const partyOf = (account: Address) => run.parties.get(account) ?? account
  const isValidators = random.chance(0.04)
  const isApp = random.chance(0.2)
  const sender = isValidators ? random.pick(holders).address : isApp ? users[0]! : random.pick(users)
  const common = { sender, party: partyOf(sender), done: !random.chance(0.02) }
  if (!random.chance(0.05)) {
    const receiver = random.chance(0.2) ? users[1]! : random.pick(users)
    return { ...common, type: 'transfer', gas: 40_000, counterparties: [receiver], stake: [] }
  }
  // Somebody who cannot make up their mind about little is no grinder.
  const account = random.chance(0.5) ? users[2]! : sender
  const validator = random.pick(holders).address
  const amount = (stakes.get(validator)! * BigInt(1 + random.below(20))) / 1_000n
  const isIn = random.chance(0.5)
  return {
    ...common,
    sender: account,
    party: partyOf(account),
    type: isIn ? 'stake.delegate' : 'stake.undelegate',
    gas: 60_000,
    counterparties: [validator],
    stake: [[{ validator, change: isIn ? amount : -amount }]],
  }
}

/** Its own, or one of an account that it funded, before or after one that names the same. */
function frontRun({ random, strength, villain }: Run, transactions: TransactionFacts[]): void {
  if (transactions.length === 0 || !random.chance(0.35 + strength * 0.5)) return
  const at = random.below(transactions.length)
  const sender = random.chance(0.5) ? villain.address : addressOf(5, random.below(3))
  const own: TransactionFacts = { ...transactions[at]!, sender, party: villain.address, stake: [] }
  transactions.splice(at + random.below(2), 0, own)
}

function move({ mover, stakes, parties }: Run, i: number, transactions: TransactionFacts[]): void {
  const step = (i - WARM_BLOCKS) / mover.every
  if (!Number.isInteger(step) || step < 0 || step >= mover.times) return
  const { validator } = mover
  const amount = (stakes.get(validator)! * 4n) / 5n
  transactions.push({
    sender: MOVER,
    party: parties.get(MOVER)!,
    type: 'stake.undelegate',
    gas: 60_000,
    counterparties: [validator],
    stake: [[{ validator, change: step % 2 === 0 ? -amount : amount }]],
    done: true,
  })
}

/** In and out at one validator, by several accounts in turn; what is beyond ten of one in an hour is refused. */
function grind(
  { random, strength, villain, stakes, split }: Run,
  i: number,
  transactions: TransactionFacts[],
): void {
  const every = Math.floor(20 - strength * 12)
  if (i % every !== 0) return
  const step = Math.floor(i / every)
  const validator = villain.address
  const amount = (stakes.get(validator)! * BigInt(500 + random.below(400))) / 1_000n
  const moves: StakeMove[] = [{ validator, change: step % 2 === 0 ? amount : -amount }]
  transactions.push({
    sender: addressOf(6, step % split),
    party: addressOf(6, 100),
    type: 'stake.delegate',
    gas: 60_000,
    counterparties: [validator],
    stake: [moves],
    done: (i * BLOCK_MS) % HOUR_MS < 10 * split * every * BLOCK_MS,
  })
}

/** Half of the block, by one account, which gets no more, or by several, until the fee has risen. */
function fill({ gasAttackFrom, strength, split }: Run, i: number, transactions: TransactionFacts[]): void {
  if (i < gasAttackFrom || i > gasAttackFrom + 60 + strength * 40) return
  const count = GAS_LIMIT / 2 / FILLING_GAS
  for (let n = 0; n < count; n++) {
    const sender = addressOf(7, (i + n) % split)
    transactions.push({
      sender,
      party: addressOf(7, 100),
      type: 'transfer',
      gas: FILLING_GAS,
      counterparties: [sender],
      stake: [],
      done: true,
    })
  }
}

function nextFee({ baseFee, gasUsed }: BlockFacts): Amount {
  const used = Math.min(gasUsed, GAS_LIMIT)
  const parent = { baseFeePerGas: baseFee, gasUsed: used, gasLimit: GAS_LIMIT }
  const next = nextBaseFee(parent, GENESIS_FEE)
  return next < GENESIS_FEE / MIN_FEE_DIVISOR ? GENESIS_FEE / MIN_FEE_DIVISOR : next
}

/** A day of a market: most work with many, some have a worker whom they always ask. */
function dealsOf({ random, attack, strength }: Run): Deal[] {
  const end = timeAt(BLOCKS)
  const deal = (client: Address, worker: Address, over: Partial<Deal> = {}): Deal => ({
    height: FIRST_HEIGHT,
    timeMs: end - random.below(23 * HOUR_MS),
    client,
    worker,
    clientParty: client,
    workerParty: worker,
    isPraised: random.chance(0.8),
    ...over,
  })
  const agents = Array.from({ length: 30 }, (_, i) => addressOf(8, i))
  const deals = Array.from({ length: 150 }, () => {
    const client = random.pick(agents)
    const regular = agents[(agents.indexOf(client) * 7 + 3) % agents.length]!
    const other = random.pick(agents.filter((each) => each !== client))
    return deal(client, random.chance(0.3) && regular !== client ? regular : other)
  })
  if (attack !== 'wash-trading') return deals
  const isRing = random.chance(0.5)
  const size = 2 + random.below(3)
  const count = 4 + Math.floor(strength * 12)
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < size; i++) {
      const next = isRing ? (i + 1) % size : i
      const [client, worker] = [addressOf(9, i), addressOf(9, isRing ? next : 100 + i)]
      const parties = isRing ? {} : { clientParty: client, workerParty: client }
      deals.push(deal(client, worker, { ...parties, isPraised: true }))
    }
  }
  return deals
}

interface Moment {
  readonly height: Height
  readonly nowMs: number
  readonly baseFee: Amount
  readonly deals: readonly Deal[]
}

function observe(run: Run, window: TrafficWindow, moment: Moment): Observation {
  const { random, attack, holders, stakes, villain, strength } = run
  const { height, nowMs } = moment
  // A twin that came late is no other history.
  const late = {
    height: height - 400,
    atMs: nowMs,
    ageMs: 400 * BLOCK_MS,
    retiredPower: random.below(200_000),
  }
  const isOld = strength < 0.5
  const forged = isOld
    ? { ...late, ageMs: TRUSTING_MS + 1 + random.below(TRUSTING_MS) }
    : { ...late, retiredPower: 800_001 + random.below(199_999) }
  // Half of those with nothing at stake vote for two things.
  const contradicts = attack === 'nothing-at-stake' && isOld
  return {
    ...window.sums(),
    ...moment,
    powers: holders.map(({ power }) => power),
    entities: entitiesOf(holders, DAY_BLOCKS),
    stakes,
    equivocations: contradicts
      ? [{ validator: villain.address, height: height - 3, atMs: nowMs - 60_000 }]
      : [],
    refused: attack === 'long-range' ? [forged] : random.chance(0.1) ? [late] : [],
    trustingPeriodMs: TRUSTING_MS,
  }
}
