/** A validator whose keys are changed in its file: while it runs, and with a crash at each step of the way. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../../lib/bytes.ts'
import { expectOwnKeys, listenTo, sendRotation, untilNamed } from '../../node/key-rotation.test-kit.ts'
import { type Person, TestCluster, type TestNode, untilBlock } from '../../node/test-cluster.ts'
import type { ValidatorKeys } from '../../node/validator-keys.ts'
import { formatAddress } from '../../protocol/address.ts'
import { sha256 } from '../../protocol/hash.ts'
import type { Height } from '../../protocol/ids.ts'
import type { GuardedMessage } from '../../protocol/messages.ts'
import { validatorKey } from '../../state/keys.ts'
import { epochOf } from '../../state/validator-sets.ts'
import { KeyWatch } from './key-watch.ts'
import { loadNodeKeys, prepareRotation } from './node-keys.ts'
import { makeTestDirectory } from './test-directory.ts'

const TIMEOUT_MS = 60_000
const PLAIN = { type: 'plain' } as const

let directory: Awaited<ReturnType<typeof makeTestDirectory>>
let file: string
let cluster: TestCluster
let watcher: TestNode
let who: Person
let said: readonly GuardedMessage[]
let watches: KeyWatch[]

beforeEach(async () => {
  directory = await makeTestDirectory()
  file = path.join(directory.path, 'keys.json')
  watches = []
  cluster = await TestCluster.create({
    validators: 4,
    parameters: { roundTimeoutMs: 1_000, unbondingMs: 600_000 },
  })
  who = cluster.validators[3]!
  await writeKeys(who)
  for (const each of cluster.validators.slice(0, 3)) await cluster.start(each)
  watcher = cluster.nodes[0]!
  said = await listenTo(cluster, who)
})

afterEach(async () => {
  for (const each of watches) each.stop()
  await cluster.stop()
  await directory.remove()
})

/** The keys that `person` makes of the name. */
async function writeKeys({ name, address }: Person): Promise<void> {
  const seedOf = (purpose: string) => toHex(sha256(utf8(`${purpose}:${name}`)))
  const seeds = {
    accountSeed: seedOf('account'),
    validatorSeed: seedOf('validator'),
    randomnessSeed: seedOf('randomness'),
    peerSeed: seedOf('peer'),
  }
  const text = JSON.stringify({ plainVersion: 1, address: formatAddress(address), ...seeds })
  await writeFile(file, text, { mode: 0o600 })
}

const readKeys = () => loadNodeKeys(file, PLAIN)

/** With the keys that the file has by now. */
async function start(kept: Partial<TestNode> = {}, read = readKeys): Promise<TestNode> {
  const entry = await cluster.start({ ...who, ...(await readKeys()), address: who.address }, kept)
  watches.push(new KeyWatch(entry.node, read))
  return entry
}

/** What its disk and journal had acknowledged is all that is left. */
async function crash(entry: TestNode): Promise<void> {
  entry.disk.crash()
  entry.journal.crash()
  await entry.stop()
}

const hasNewKeys = () =>
  watcher.node.chain.state.get(validatorKey(who.address))!.validatorKey.join() !==
  who.validatorKey.publicKey.join()

const untilSaid = (from: Height) =>
  untilBlock(watcher.node, () => said.some(({ type, height }) => type === 'commit' && height >= from))

async function expectChanged(next: ValidatorKeys, from: Height): Promise<void> {
  // Higher than what was under way before a crash.
  await untilSaid(Math.max(from, watcher.node.chain.height + 2))
  await expectOwnKeys(said, watcher.node, [who, next])
  for (const { node } of cluster.nodes) expect(node.evidence.book.all()).toEqual([])
}

describe('keys that are changed while the node runs', () => {
  it(
    'are read once the chain has them, and again in the next epoch where that fails',
    async () => {
      const reads: number[] = []
      const { node } = await start({}, async () => {
        const { chain } = node
        reads.push(epochOf(chain.height + 1, chain.parameters))
        if (reads.length === 1) throw new Error('the file is on a disk that is away')
        return readKeys()
      })
      await untilSaid(1)
      const next = await prepareRotation(file, PLAIN, who.validatorKey.publicKey)
      await sendRotation(watcher.node, cluster, who, next)
      await expectChanged(next, await untilNamed(watcher.node, next))
      const [first, ...others] = reads
      expect(others).toEqual([first! + 1])
      expect(node.host.silence()).toBeNull()
      const errors = node.options.telemetry.lines(200).filter(({ level }) => level === 'error')
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringContaining('the file is on a disk that is away'),
      ])
    },
    TIMEOUT_MS,
  )
})

describe('a node that crashes', () => {
  it.each(['before it is sent', 'before a block has it', 'before a set names it', 'after a set names it'])(
    'with a new pair, %s, starts with the right key',
    async (when) => {
      const node = await start()
      await untilSaid(1)
      const next = await prepareRotation(file, PLAIN, who.validatorKey.publicKey)
      const again = async () => {
        await crash(node)
        return start(node)
      }
      if (when === 'before it is sent') {
        await again()
        await untilSaid(watcher.node.chain.height + 2)
      }
      if (when === 'before a block has it') await crash(node)
      await sendRotation(watcher.node, cluster, who, next)
      await untilBlock(watcher.node, hasNewKeys)
      if (when === 'before a block has it') await start(node)
      if (when === 'before a set names it') await again()
      const from = await untilNamed(watcher.node, next)
      if (when === 'after a set names it') {
        await untilSaid(from)
        await again()
      }
      await expectChanged(next, from)
    },
    TIMEOUT_MS,
  )
})
