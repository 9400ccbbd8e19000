/**
 * Finalised transfers a second: five validators, each of which verifies every signature, executes every block and keeps it on
 * disk. `ratio`: of what the machine's processors could verify for five, if they did nothing else.
 */
import type { Genesis } from '../../node-core/protocol/genesis.ts'
import { type Benchmark, type BenchOptions, rounded, type Value } from '../figure.ts'
import { Load } from '../load.ts'
import { verificationsPerSecond } from '../machine.ts'
import { BenchNetwork } from '../network.ts'
import { createSenders, LoadSigner, type Sender } from '../senders.ts'

export const VALIDATORS = 5
/** Fewer than the verifier keeps imported keys of. */
export const ACCOUNTS = 4_000
export const MEASURED_SECONDS = 60
/** Before the measuring starts: caches fill, code is compiled, s. */
const WARM_UP_SECONDS = 10
/** Signed ahead for each second. */
const SIGNED_PER_SECOND = 3_000
/** Transfers that are submitted and not decided: more than a block holds, less than a pool. */
const OUTSTANDING = 5_000
/** The development network's blocks end at 1,428 transfers: here they may hold 2,000. */
export const BLOCK_GAS_LIMIT = 42_000_000

export const transfers: Benchmark = {
  names: ['transfers_per_second'],
  async run(options) {
    const seconds = options.seconds ?? MEASURED_SECONDS
    options.say('verifications a second, nothing else running')
    const before = await verificationsPerSecond()
    const senders = await createSenders(ACCOUNTS)
    options.say('starting the validators')
    const network = await BenchNetwork.start({
      validators: VALIDATORS,
      senders,
      parameters: { blockGasLimit: BLOCK_GAS_LIMIT },
      profileDirectory: options.profileDirectory,
    })
    const run = await underLoad(network, { options, seconds, senders }).finally(() => network.stop())
    const after = await verificationsPerSecond()
    const verifications = Math.max(before, after)
    const value: Value = {
      name: 'transfers_per_second',
      value: rounded(run.perSecond),
      unit: 'transfers/s',
      ratio: rounded(run.perSecond / (verifications / VALIDATORS), 2),
      detail: {
        validators: VALIDATORS,
        seconds,
        blocks: run.blocks,
        accounts: ACCOUNTS,
        verificationsPerSecond: rounded(verifications),
        blockGasLimit: BLOCK_GAS_LIMIT,
        ...(run.processorMicros === null
          ? {}
          : { processorMicrosPerTransferAndValidator: rounded(run.processorMicros) }),
        refused: [...run.refused].map(([code, count]) => `${code}: ${count}`).join(', '),
      },
    }
    return [value]
  },
}

interface Run {
  readonly perSecond: number
  readonly blocks: number
  /** Processor time that a validator spends on a transfer, µs, whatever else the machine does; null where it is not told. */
  readonly processorMicros: number | null
  readonly refused: ReadonlyMap<string, number>
}

/** All validators flooded with what the senders sign, until the time is over. */
export async function underLoad(
  network: BenchNetwork,
  {
    options,
    seconds,
    senders,
    signer = (genesis, all) => new LoadSigner(genesis, all),
  }: {
    readonly options: BenchOptions
    readonly seconds: number
    readonly senders: readonly Sender[]
    /** What is sent; transfers where it is left out. */
    readonly signer?: (genesis: Genesis, senders: readonly Sender[]) => LoadSigner
  },
): Promise<Run> {
  const load = new Load(network.rpc, senders.length)
  const total = SIGNED_PER_SECOND * (seconds + WARM_UP_SECONDS)
  options.say(`signing ${total} transactions`)
  load.add(await signer(network.genesis, senders).sign(total))

  const counted = new DecidedCount(VALIDATORS)
  const stopWatching = await network.watchHeads(({ head, atMs }) => {
    counted.seen(head.height, head.transactionCount ?? 0, atMs)
  })
  options.say(`load for ${WARM_UP_SECONDS} + ${seconds} s`)
  const beganMs = performance.now()
  const fromMs = beganMs + 1_000 * WARM_UP_SECONDS
  const toMs = fromMs + 1_000 * seconds
  let spentAtStart: number | null = null
  const timer = setTimeout(() => {
    spentAtStart = network.processorSeconds()
  }, 1_000 * WARM_UP_SECONDS)
  try {
    await load.flood(
      () => performance.now() >= toMs,
      () => load.submitted - counted.transfers < OUTSTANDING,
      () => counted.next(toMs - performance.now()),
    )
  } finally {
    clearTimeout(timer)
    stopWatching()
  }
  const spent = network.processorSeconds()
  const { transfers, blocks } = counted.between(fromMs, toMs)
  const processorMicros =
    spent === null || spentAtStart === null || transfers === 0
      ? null
      : (1e6 * (spent - spentAtStart)) / transfers / VALIDATORS
  return { perSecond: transfers / seconds, blocks, processorMicros, refused: load.refused }
}

/** Blocks counted when the last of the validators has decided them. */
class DecidedCount {
  readonly #validators: number
  readonly #seen = new Map<number, number>()
  readonly #decided: { readonly atMs: number; readonly transfers: number }[] = []
  readonly #waiting: (() => void)[] = []
  transfers = 0

  constructor(validators: number) {
    this.#validators = validators
  }

  seen(height: number, transfers: number, atMs: number): void {
    const count = (this.#seen.get(height) ?? 0) + 1
    this.#seen.set(height, count)
    if (count !== this.#validators) return
    this.#decided.push({ atMs, transfers })
    this.transfers += transfers
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** Resolves at the next decided block, or after the time. */
  next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, timeoutMs))
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  between(fromMs: number, toMs: number): { readonly transfers: number; readonly blocks: number } {
    const within = this.#decided.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    return { transfers: within.reduce((sum, block) => sum + block.transfers, 0), blocks: within.length }
  }
}
