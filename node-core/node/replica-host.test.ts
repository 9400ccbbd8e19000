/** What must be true before a node signs: whole nodes that lose, copy, fill up and oversleep. */
import { afterEach, describe, expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import { MemoryJournalFile } from '../adapters/memory/memory-journal.ts'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { decodeGuardRecord } from '../consensus/guard-record.ts'
import type { Position } from '../consensus/replica-state.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import { messageSigningBytes } from '../protocol/hash.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import type { Prepare } from '../protocol/messages.ts'
import { SLEPT_MS } from './constants.ts'
import { hasSigned } from './signed-power.ts'
import type { Silence } from './silence.ts'
import { type Person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'
import { decodeList, encodeRepeatable } from './wire-protocols.ts'

const TIMEOUT_MS = 40_000
const PARAMETERS = { roundTimeoutMs: 1_000 }

let cluster: TestCluster
afterEach(() => cluster.stop())

async function begin(): Promise<{ last: Person; watcher: TestNode }> {
  cluster = await TestCluster.create({ validators: 4, parameters: PARAMETERS })
  for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
  return { last: cluster.validators[3]!, watcher: cluster.nodes[0]! }
}

/** Resolves when the node's own reason not to sign is this one; null: it has none. */
function untilSilent(node: TestNode, code: Silence['code'] | null): Promise<Silence | null> {
  return new Promise((resolve) => {
    const look = () => {
      const silence = node.node.host.silence()
      if ((silence?.code ?? null) !== code) return
      stop()
      resolve(silence)
    }
    const stop = node.node.listen({ status: look, decided: look, consensus: look })
    look()
  })
}

/** Its COMMIT is in a certificate above this height, as another node has it. */
async function untilSigned(who: Address, above: number): Promise<void> {
  const { node } = cluster.nodes[0]!
  let signed = false
  node.listen({
    decided: ({ height, certificate, block }) => {
      for (const each of [certificate, block.body.parentCertificate]) {
        const at = each && node.chain.setAt(each.height)
        const index = at?.set.members.findIndex(({ address }) => address === who) ?? -1
        if (each && height > above + 1 && each.height > above && index >= 0) signed ||= hasSigned(each, index)
      }
    },
  })
  await untilBlock(node, () => signed)
}

/** Every position that the journal holds, oldest first. */
function positionsIn(file: MemoryJournalFile): Promise<Position[]> {
  const copy = new MemoryJournalFile()
  copy.bytes = file.bytes.slice()
  return copy
    .open()
    .read()
    .then((records) =>
      records.flatMap((bytes) => {
        const [record] = decodeList(bytes, 2) ?? []
        const decoded = record && decodeGuardRecord(record)
        return decoded?.ok ? [decoded.value.position] : []
      }),
    )
}

async function noEvidence(): Promise<void> {
  for (const { node } of cluster.nodes) expect(node.evidence.book.all()).toEqual([])
}

describe('a restart', () => {
  it(
    'with its own record listens for a round, then signs again and is accused of nothing',
    async () => {
      const { last, watcher } = await begin()
      const before = await cluster.start(last)
      await untilSigned(last.address, 0)
      await before.stop()
      const again = await cluster.start(last, before)
      expect(again.node.host.silence()).toMatchObject({ code: 'looking-for-another-signer' })
      await untilSilent(again, null)
      await untilSigned(last.address, watcher.node.chain.height)
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'of a browser’s node in another of its tabs need not listen: the tab before did',
    async () => {
      const { last } = await begin()
      const before = await cluster.start(last)
      await untilSigned(last.address, 0)
      await before.stop()
      const again = await cluster.start(last, { ...before, handedOver: true })
      expect(again.node.host.silence()).toBeNull()
      await untilSigned(last.address, again.node.chain.height)
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'with an empty record signs nothing at or below a block newer than itself',
    async () => {
      const { last } = await begin()
      const before = await cluster.start(last)
      await untilSigned(last.address, 0)
      await before.stop()
      const startedAtMs = Date.now()
      const journal = new MemoryJournalFile()
      const again = await cluster.start(last, { disk: before.disk, journal })
      expect(again.node.host.silence()).toMatchObject({ code: 'record-lost' })
      await expect(again.node.host.exportSigning()).rejects.toMatchObject({ code: 'signing-record-lost' })
      await untilSilent(again, null)
      await untilSigned(last.address, again.node.chain.height)
      const [first] = await positionsIn(journal)
      const newer = await again.node.chain.load(first!.height - 1)
      expect(newer!.block.header.timestampMs).toBeGreaterThan(
        startedAtMs + 2 * cluster.genesis.parameters.clockPrecisionMs,
      )
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'with an old copy of the record refuses, and says what to do',
    async () => {
      const { last } = await begin()
      const before = await cluster.start(last)
      await untilSigned(last.address, 0)
      const old = new MemoryJournalFile()
      old.bytes = before.journal.bytes.slice()
      await untilSigned(last.address, before.node.chain.height)
      await before.stop()
      const again = await cluster.start(last, { disk: before.disk, journal: old })
      expect(await untilSilent(again, 'key-used-elsewhere')).toMatchObject({ where: 'block', type: 'commit' })
      const { validator } = await again.api.call('node_status', {})
      expect(validator).toMatchObject({ signing: false, silentBecause: { code: 'key-used-elsewhere' } })
      const lines = again.node.options.telemetry.lines(100).map(({ message }) => message)
      expect(lines.join('\n')).toContain('stop the other one, then start this one again')
    },
    TIMEOUT_MS,
  )
})

describe('a second node with the same key', () => {
  it(
    'finds the first one’s signatures in the blocks and never signs',
    async () => {
      const { last } = await begin()
      await cluster.start(last)
      await untilSigned(last.address, 0)
      const second = await cluster.start(last)
      expect(await untilSilent(second, 'key-used-elsewhere')).toMatchObject({ where: 'block' })
      await untilSigned(last.address, second.node.chain.height)
      expect(await positionsIn(second.journal)).toEqual([])
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'is heard on the wire, and the first one stops at once',
    async () => {
      const { last } = await begin()
      const first = await cluster.start(last)
      await untilSigned(last.address, 0)
      const other = cluster.hub.createNetwork({ peer: 'other' })
      await other.start()
      await other.dial(first.network.addresses()[0]!, { timeoutMs: 1_000 })
      const { chain } = first.node
      const vote = {
        type: 'prepare',
        height: chain.height + 2,
        round: 0,
        sender: last.address,
        blockId: `0x${'a'.repeat(64)}` as Hash,
      } as const
      const bytes = messageSigningBytes(cluster.genesis.chainId, chain.setAt(vote.height)!.hash, vote)
      const message: Prepare = { ...vote, signature: await last.validatorKey.sign(bytes) }
      await other.publish('consensus', encodeRepeatable(1, encodeConsensusMessage(message)))
      expect(await untilSilent(first, 'key-used-elsewhere')).toMatchObject({
        where: 'message',
        height: vote.height,
      })
      const stood = (await positionsIn(first.journal)).length
      await untilBlock(first.node, () => chain.height >= vote.height + 2)
      // An order that was under way when the message came may still have been written down; it did not leave.
      expect((await positionsIn(first.journal)).length - stood).toBeLessThanOrEqual(1)
      await other.stop()
    },
    TIMEOUT_MS,
  )
})

it(
  'a record moved to another machine: nothing at or below its height is signed there',
  async () => {
    const { last } = await begin()
    const before = await cluster.start(last)
    await untilSigned(last.address, 0)
    const text = await before.node.host.exportSigning()
    const stood = (await positionsIn(before.journal)).at(-1)!
    const journal = new MemoryJournalFile()
    const again = await cluster.start(last, { journal })
    const imported = await again.node.host.importSigning(text)
    expect(imported).toEqual({ position: stood, changed: true, signsFromHeight: stood.height + 1 })
    await untilSilent(again, null)
    await untilSigned(last.address, again.node.chain.height)
    const signed = (await positionsIn(journal)).slice(1)
    for (const { height } of signed) expect(height).toBeGreaterThan(stood.height)
    await expect(again.node.host.importSigning('{}')).rejects.toMatchObject({ code: 'not-a-signing-record' })
    await untilSigned(last.address, again.node.chain.height)
    await noEvidence()
    expect(text).not.toContain('seed')
    // The one that it came from runs on, and is silent for as long.
    expect(before.node.host.silence()).toEqual({ code: 'record-exported' })
    expect((await positionsIn(before.journal)).at(-1)).toEqual(stood)
  },
  TIMEOUT_MS,
)

it(
  'after an export nothing is signed, a restart included, until that is taken back; the same file can be had again',
  async () => {
    const { last, watcher } = await begin()
    const before = await cluster.start(last)
    await untilSigned(last.address, 0)
    const text = await before.node.host.exportSigning()
    expect(await untilSilent(before, 'record-exported')).not.toBeNull()
    await before.stop()
    const again = await cluster.start(last, { ...before, handedOver: true })
    const { length } = await positionsIn(again.journal)
    const from = watcher.node.chain.height
    await untilBlock(again.node, () => again.node.chain.height >= from + 4)
    expect(again.node.host.silence()).toEqual({ code: 'record-exported' })
    expect(await again.node.host.exportSigning()).toBe(text)
    expect(await positionsIn(again.journal)).toHaveLength(length)
    await again.node.host.resumeSigning()
    await untilSigned(last.address, watcher.node.chain.height)
    await noEvidence()
  },
  TIMEOUT_MS,
)

describe('storage that fails', () => {
  it(
    'full: the node stops signing, says so, answers questions, and goes on when there is room',
    async () => {
      const { last, watcher } = await begin()
      const disk = new MemoryDisk()
      const full = await cluster.start(last, { disk })
      await untilSigned(last.address, 0)
      disk.fail('storage-full')
      await untilSilent(full, 'storage-full')
      const { validator, storage, haltedBecause } = await full.api.call('node_status', {})
      expect(validator).toMatchObject({ signing: false, silentBecause: { code: 'storage-full' } })
      expect([storage.trouble?.code, haltedBecause]).toEqual(['storage-full', null])
      const stood = (await positionsIn(full.journal)).at(-1)!
      await untilBlock(watcher.node, () => watcher.node.chain.height >= stood.height + 4)
      expect((await positionsIn(full.journal)).at(-1)!.height).toBe(stood.height)
      expect((await full.api.call('chain_block', { height: 1 })).height).toBe(1)
      disk.fail(null)
      await untilSilent(full, null)
      await untilSigned(last.address, watcher.node.chain.height)
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'a full journal: no vote leaves; the next ones do when there is room',
    async () => {
      const { last, watcher } = await begin()
      const full = await cluster.start(last)
      await untilSigned(last.address, 0)
      full.journal.fail('storage-full')
      await untilSilent(full, 'storage-full')
      const from = watcher.node.chain.height + 1
      await untilBlock(watcher.node, () => watcher.node.chain.height >= from + 4)
      for (let height = from + 1; height <= from + 3; height++) {
        const { set } = watcher.node.chain.setAt(height)!
        const index = set.members.findIndex(({ address }) => address === last.address)
        const next = await watcher.node.chain.load(height + 1)
        expect(hasSigned(next!.block.body.parentCertificate!, index)).toBe(false)
      }
      full.journal.fail(null)
      await untilSigned(last.address, watcher.node.chain.height)
      expect(full.node.host.silence()).toBeNull()
      await noEvidence()
    },
    TIMEOUT_MS,
  )

  it(
    'gone: the node halts, says so, and still answers',
    async () => {
      const { last } = await begin()
      const disk = new MemoryDisk()
      const gone = await cluster.start(last, { disk })
      await untilSigned(last.address, 0)
      disk.fail('storage-lost')
      await untilSilent(gone, 'storage-lost')
      const { validator, storage } = await gone.api.call('node_status', {})
      expect([validator?.signing, storage.trouble?.code]).toEqual([false, 'storage-lost'])
      expect((await gone.api.call('chain_block', { height: 1 })).height).toBe(1)
    },
    TIMEOUT_MS,
  )
})

/** A machine that can be put to sleep: nothing fires meanwhile, and time has passed afterwards. */
class SleepyClock implements Clock {
  readonly #clock: Clock
  #due: (() => void)[] | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  wallMs(): number {
    return this.#clock.wallMs()
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs()
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    let cancelled = false
    const fire = () => {
      if (cancelled) return
      if (this.#due) this.#due.push(fire)
      else callback()
    }
    const timer = this.#clock.setTimer(delayMs, fire)
    return {
      cancel: () => {
        cancelled = true
        timer.cancel()
      },
    }
  }

  sleep(): void {
    this.#due = []
  }

  /** What fell due meanwhile fires at once. */
  wake(order: 'oldest first' | 'newest first'): void {
    const due = order === 'oldest first' ? (this.#due ?? []) : (this.#due ?? []).reverse()
    this.#due = null
    for (const fire of due) fire()
  }
}

/** Virtual time goes on while real signatures are made. */
function run(clock: MemoryClock): () => void {
  const STEP_MS = 4
  let running = true
  const turn = () => {
    if (!running) return
    clock.advance(STEP_MS)
    setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    running = false
  }
}

it.each(['oldest first', 'newest first'] as const)(
  'a machine that slept asks how far the others are before it votes, its timers firing %s',
  async (order) => {
    const clock = new MemoryClock()
    const sleepy = new SleepyClock(clock)
    cluster = await TestCluster.create({
      validators: 4,
      clock,
      parameters: { blockTimeMs: 500, emptyIntervalMs: 1_000, roundTimeoutMs: 2_000 },
    })
    const stop = run(clock)
    try {
      for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
      const watcher = cluster.nodes[0]!
      const last = cluster.validators[3]!
      const sleeper = await cluster.start(last, { clock: sleepy })
      await untilSigned(last.address, 1)
      sleepy.sleep()
      cluster.hub.split([[sleeper.network.self]])
      const asleepAtMs = clock.wallMs()
      const stood = sleeper.node.chain.height
      await untilBlock(
        watcher.node,
        () => watcher.node.chain.height >= stood + 4 && clock.wallMs() > asleepAtMs + SLEPT_MS + 1_000,
      )
      const before = (await positionsIn(sleeper.journal)).length
      const headAtWake = watcher.node.chain.height
      cluster.hub.heal()
      sleepy.wake(order)
      await sleeper.network.dial(watcher.network.addresses()[0]!, { timeoutMs: 1_000 })
      await untilSigned(last.address, headAtWake)
      const signed = (await positionsIn(sleeper.journal)).slice(before)
      expect(signed.length).toBeGreaterThan(0)
      for (const { height } of signed) expect(height).toBeGreaterThan(headAtWake)
      await noEvidence()
    } finally {
      stop()
    }
  },
  TIMEOUT_MS,
)
