/** A disk that forgets, with real processes and real stores: what is bad is found at the start and put back, and nothing is signed twice. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLevelStorage } from '../../node-core/adapters/nodejs/level-storage.ts'
import { nodeHome } from '../../node-core/adapters/nodejs/node-home.ts'
import {
  blockWrite,
  loadBlock,
  loadHeadHeight,
  loadStatePages,
  pageWrite,
} from '../../node-core/node/repositories.ts'
import type { Storage, StorageWrite } from '../../node-core/ports/storage.ts'
import {
  evidenceAt,
  logOf,
  untilHeight,
  untilVote,
  type ValidatorProcess,
  ValidatorProcesses,
} from './validator-processes.test-kit.ts'

const PARAMETERS = { blockTimeMs: 400, emptyIntervalMs: 700 }
const TIMEOUT_MS = 150_000

let network: ValidatorProcesses
beforeEach(async () => {
  network = await ValidatorProcesses.create(4, PARAMETERS)
})
afterEach(() => network.remove())

type Harm = (storage: Storage) => Promise<void>

function flipped({ value, ...write }: StorageWrite): StorageWrite {
  return { ...write, value: value!.with(60, value![60]! ^ 1) }
}

const flipPage: Harm = async (storage) => {
  const pages = await loadStatePages(storage)
  const page = pages[pages.length >> 1]!
  await storage.commit([flipped(pageWrite({ key: page.slice(2, 6), bytes: page }))])
}

async function flipBody(storage: Storage, height: number): Promise<void> {
  await storage.commit([flipped(blockWrite(height, (await loadBlock(storage, height))!))])
}

/** With what the node says of it. */
const HARMS: readonly (readonly [string, RegExp, Harm])[] = [
  ['a page of the state', /damaged \(page; 1 of/, flipPage],
  [
    "the head's body",
    /damaged \(block; 0 of/,
    async (storage) => flipBody(storage, await loadHeadHeight(storage)),
  ],
  [
    'a page, and a body without which its own blocks do not give the state',
    /damaged \(page; 1 of/,
    async (storage) => {
      await flipPage(storage)
      await flipBody(storage, 2)
    },
  ],
]

async function inStore<T>(home: string, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openLevelStorage(nodeHome(home).chain)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

/** Of both, at the same height. */
async function expectSameState(one: ValidatorProcess, other: ValidatorProcess): Promise<void> {
  const { height } = await one.rpc.call('chain_head', {})
  await untilHeight(other, height)
  const [mine, theirs] = await Promise.all([one, other].map(({ rpc }) => rpc.call('chain_block', { height })))
  expect(mine!.stateRoot).toBe(theirs!.stateRoot)
}

it(
  'a validator with a damaged store says what is lost, is back at the state of the others, and votes',
  async () => {
    const all = await network.startAll()
    const [other] = all as [ValidatorProcess]
    let hurt = all[3]!
    const { account } = await hurt.rpc.call('node_status', {})
    await untilVote(account!, other, 4)
    for (const [what, words, harm] of HARMS) {
      await hurt.process.stop()
      const saidBefore = logOf(hurt).length
      await inStore(hurt.validator.home, harm)
      const { height } = await other.rpc.call('chain_head', {})
      hurt = await network.start(hurt.validator)
      expect(logOf(hurt).slice(saidBefore), what).toMatch(words)
      await untilHeight(hurt, height)
      await untilVote(account!, other, height + 1)
      await expectSameState(hurt, other)
    }
    expect(await evidenceAt([...all.slice(0, 3), hurt])).toEqual([])
    await hurt.process.stop()
    const { length } = await inStore(hurt.validator.home, async (storage) => {
      const heights = Array.from({ length: await loadHeadHeight(storage) }, (_, i) => i + 1)
      const bodies = await Promise.all(heights.map((height) => loadBlock(storage, height)))
      return bodies.filter((body) => body === null)
    })
    expect(length).toBe(0)
  },
  TIMEOUT_MS,
)
