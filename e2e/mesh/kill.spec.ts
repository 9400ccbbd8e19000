/** Validator processes are killed at random moments, again and again: the chain goes on, and nobody contradicts itself. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { RpcClient } from '../../cli/rpc-client.ts'
import { openFileJournal } from '../../node-core/adapters/nodejs/file-journal.ts'
import { nodeHome } from '../../node-core/adapters/nodejs/node-home.ts'
import { decodeGuardRecord } from '../../node-core/consensus/guard-record.ts'
import { comparePositions } from '../../node-core/consensus/signing-guard.ts'
import { decodeList } from '../../node-core/node/wire-protocols.ts'
import { DevNetwork } from './dev-network.ts'
import { HeardMessages } from './heard-messages.ts'

const VALIDATORS = 7
/** More than two thirds of the power, which all have alike. */
const QUORUM = 5
/** Dead at the same time: 29 % of the power. */
const DEAD_AT_ONCE = 2
/** Both at least. A night of it is a matter of the environment. */
const KILLING_MS = 60_000
const KILLS = Number(process.env.AITBC_KILLS ?? 6)
const SEED = Number(process.env.AITBC_KILL_SEED ?? 1)
/** What a living validator tells of the consensus between two kills, events at most: some blocks' worth. */
const MOST_EVENTS = 16
const BACK_TIMEOUT_MS = 90_000
/** Headers of one answer. */
const PAGE = 200

/** mulberry32: the same moments for the same seed. In [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const all = Array.from({ length: VALIDATORS }, (_, validator) => validator)

/** null: it does not answer. */
async function heightOf(network: DevNetwork, validator: number): Promise<number | null> {
  try {
    return (await network.call('chain_head', {}, validator)).height
  } catch {
    return null
  }
}

/** Until this validator has told so many events of the consensus. */
async function untilTold(network: DevNetwork, validator: number, events: number): Promise<void> {
  let remaining = events
  let enough = () => {}
  const told = new Promise<void>((resolve) => {
    enough = resolve
  })
  const stream = await new RpcClient(network.rpcUrl(validator)).subscribe('consensus', () => {
    if (--remaining <= 0) enough()
  })
  await told
  stream.close()
}

async function highest(network: DevNetwork): Promise<number> {
  const heights = await Promise.all(all.map((validator) => heightOf(network, validator)))
  return Math.max(0, ...heights.map((height) => height ?? 0))
}

/** ms from the kill until the process answers and has the head that the others had reached. */
async function back(network: DevNetwork, validator: number, killedAtMs: number): Promise<number> {
  await expect
    .poll(
      async () => {
        const [own, head] = await Promise.all([heightOf(network, validator), highest(network)])
        return own !== null && own >= head - 1
      },
      { timeout: BACK_TIMEOUT_MS, intervals: [250] },
    )
    .toBe(true)
  return Date.now() - killedAtMs
}

/** What the journal holds, read from a copy: each position once, ever higher; one message for one place. */
async function checkJournal(home: string, scratch: string): Promise<number> {
  const copy = path.join(scratch, 'signing.journal')
  copyFileSync(nodeHome(home).journal, copy)
  const journal = await openFileJournal(copy)
  const records = (await journal.read()).flatMap((bytes) => {
    const [record] = decodeList(bytes, 2) ?? []
    const decoded = record && decodeGuardRecord(record)
    return decoded?.ok ? [decoded.value] : []
  })
  await journal.close()
  for (const [i, record] of records.entries())
    if (i > 0) expect(comparePositions(record.position, records[i - 1]!.position)).toBeGreaterThan(0)
  const said = new Map<string, string>()
  for (const { messages } of records) {
    for (const message of messages) {
      const place = `${message.height}/${message.round}/${message.type}`
      const words = JSON.stringify(message.type === 'round-change' ? message.prepared : message.blockId)
      expect(said.get(place) ?? words).toBe(words)
      said.set(place, words)
    }
  }
  return said.size
}

/** From height 1 to `last`, as this validator has them. */
async function stateRoots(network: DevNetwork, validator: number, last: number): Promise<string[]> {
  const roots: string[] = []
  while (roots.length < last) {
    const before = last - roots.length + 1
    const page = await network.call('chain_blocks', { before, limit: PAGE }, validator)
    expect(page[0]?.height).toBe(before - 1)
    roots.push(...page.map(({ stateRoot }) => stateRoot))
  }
  return roots.reverse()
}

test('validators killed with SIGKILL come back by themselves to the same state, and nothing is signed twice', async () => {
  test.setTimeout(KILLS * 30_000 + 400_000)
  const network = new DevNetwork({ validators: VALIDATORS })
  const heard = new HeardMessages(network)
  const scratch = mkdtempSync(path.join(tmpdir(), 'aitbc-kill-'))
  try {
    await network.start()
    const random = randomFrom(SEED)
    const dead = new Map<number, Promise<number>>()
    const backMs: number[] = []
    let kills = 0
    const kill = async (validator: number) => {
      const pid = await network.pidOf(validator)
      if (pid === null) return
      process.kill(pid, 'SIGKILL')
      kills++
      const returned = back(network, validator, Date.now())
      dead.set(validator, returned)
      returned.then(
        (ms) => {
          backMs.push(ms)
          dead.delete(validator)
        },
        () => undefined,
      )
    }

    const startHeight = await highest(network)
    const startedMs = performance.now()
    while (kills < KILLS || performance.now() - startedMs < KILLING_MS) {
      const alive = all.filter((validator) => !dead.has(validator))
      await untilTold(network, alive[0]!, 1 + Math.floor(random() * MOST_EVENTS))
      await Promise.all(alive.map((validator) => heard.askNews(validator)))
      await kill(alive[Math.floor(random() * alive.length)]!)
      if (dead.size >= DEAD_AT_ONCE) await Promise.race(dead.values())
    }
    const grown = (await highest(network)) - startHeight
    await Promise.all(dead.values())

    // The supervisor's pause before a restart has grown by now: these two are away for a while.
    const victims = [0, 3]
    for (const validator of victims) await kill(validator)
    const before = await highest(network)
    await expect.poll(() => highest(network), { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 3)
    await Promise.all(dead.values())

    const height = await highest(network)
    await expect
      .poll(
        async () => Math.min(...(await Promise.all(all.map(async (v) => (await heightOf(network, v)) ?? 0)))),
        {
          timeout: BACK_TIMEOUT_MS,
        },
      )
      .toBeGreaterThanOrEqual(height)
    const roots = await stateRoots(network, 0, height)
    expect(roots).toHaveLength(height)
    for (const validator of all) expect(await stateRoots(network, validator, height)).toEqual(roots)
    // Each signs again: its COMMIT is in a certificate of the time after.
    const signers = new Set<string>()
    await expect
      .poll(
        async () => {
          const head = await highest(network)
          const certificate = await network.call('chain_certificate', { height: head - 1 })
          for (const { name } of certificate.signers) signers.add(name)
          return signers.size
        },
        { timeout: 60_000 },
      )
      .toBe(VALIDATORS)
    await Promise.all(all.map((validator) => heard.askAll(validator)))
    expect(heard.signedTwice()).toEqual([])
    for (let each = startHeight; each <= height; each++)
      expect(heard.commitsAt(each), `COMMITs heard at ${each}`).toBeGreaterThanOrEqual(QUORUM)
    let messages = 0
    for (const validator of all) {
      expect((await network.call('alert_list', {}, validator)).evidence).toEqual([])
      messages += await checkJournal(network.homeOf(validator), scratch)
    }
    backMs.sort((a, b) => a - b)
    console.log(
      `seed ${SEED}: ${kills} kills, ${grown} blocks meanwhile; ${heard.places} signed places heard, none twice; back at the head after ${backMs[backMs.length >> 1]} ms (median), ${backMs.at(-1)} ms (longest); ${messages} signed places in the journals, none twice`,
    )
  } finally {
    await network.remove()
    rmSync(scratch, { recursive: true, force: true })
  }
})
