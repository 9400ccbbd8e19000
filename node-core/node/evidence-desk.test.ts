/** Whole nodes and one that has other people's keys: what it signs twice is found, told and kept; what it makes up is not. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { hashNumber, prePrepare, rejectOf } from '../consensus/builders.test-kit.ts'
import { fromHex } from '../lib/bytes.ts'
import { formatAddress } from '../protocol/address.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import { encodeEvidence, pairOf } from '../protocol/codec-evidence.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Statement } from '../protocol/evidence.ts'
import { decodeEvidenceProof } from '../protocol/evidence-proof.ts'
import { messageSigningBytes } from '../protocol/hash.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { Commit, Prepare } from '../protocol/messages.ts'
import { KEPT_INVALID_BLOCKS } from './constants.ts'
import type { EvidenceView } from './node-api.ts'
import { type Person, TestCluster, type TestNode, untilBlock, untilTold } from './test-cluster.ts'
import {
  decodeList,
  EVIDENCE_PROTOCOL,
  encodeList,
  encodeRepeatable,
  encodeStatus,
  STATUS_PROTOCOL,
} from './wire-protocols.ts'

const TIMEOUT_MS = 90_000
const block = (digit: string) => `0x${digit.repeat(64)}` as Hash

let cluster: TestCluster
let observer: TestNode
let villain: MemoryNetwork
let bad: Person

beforeEach(async () => {
  cluster = await TestCluster.create({ validators: 4, parameters: { unbondingMs: 600_000 } })
  for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
  observer = await cluster.start(null)
  bad = cluster.validators[3]!
  villain = cluster.hub.createNetwork({ peer: 'villain' })
  await villain.start()
  for (const { network } of cluster.nodes) await villain.dial(network.addresses()[0]!, { timeoutMs: 1_000 })
  await untilBlock(observer.node, () => observer.node.chain.height >= 2)
}, TIMEOUT_MS)

afterEach(async () => {
  await villain.stop()
  await cluster.stop()
})

async function signed(
  who: Person,
  type: 'prepare' | 'commit',
  blockId: Hash,
  height: Height,
  round = 0,
): Promise<Prepare | Commit> {
  const fields = { type, height, round, sender: who.address, blockId } as const
  const { hash } = observer.node.chain.setAt(height)!
  const bytes = messageSigningBytes(cluster.genesis.chainId, hash, fields)
  return { ...fields, signature: await who.validatorKey.sign(bytes) } as Prepare | Commit
}

let repeat = 1_000_000
const say = (message: Prepare | Commit) =>
  villain.publish('consensus', encodeRepeatable(repeat++, encodeConsensusMessage(message)))
const tell = (a: Statement, b: Statement) => villain.publish('evidence', encodeEvidence(pairOf(a, b)))

/** Resolves with the evidence once the node keeps `count`. */
function kept(node: TestNode, count = 1): Promise<readonly EvidenceView[]> {
  return new Promise((resolve) => {
    const look = async () => {
      const { evidence } = await node.api.call('alert_list', {})
      if (evidence.length >= count) resolve(evidence)
    }
    node.node.listen({ evidence: () => void look() })
    void look()
  })
}

async function refusedFor(node: TestNode, code: string): Promise<void> {
  await untilBlock(node.node, () =>
    node.node.options.telemetry.metrics().includes(`evidence_refused{code="${code}"}`),
  )
}

describe('evidence', () => {
  it(
    'of two votes on the wire reaches every node, one that heard neither too, and its events',
    async () => {
      const height = observer.node.chain.height
      const events: EvidenceView[] = []
      observer.api.subscribe('alerts', (event) => {
        if ('evidence' in event) events.push(event.evidence)
      })
      // The observer hears of it from the others alone.
      await villain.disconnect(observer.network.self)
      observer.network.block('villain', Number.MAX_SAFE_INTEGER)
      const [first, second] = [
        await signed(bad, 'commit', block('a'), height),
        await signed(bad, 'commit', block('b'), height),
      ]
      await say(first)
      await say(second)
      const all = await Promise.all(cluster.nodes.map((node) => kept(node)))
      for (const [each] of all) {
        expect(each).toMatchObject({ offence: 'double-sign', validator: formatAddress(bad.address), height })
        expect(each!.id).toBe(all[0]![0]!.id)
        expect(new Set(each!.statements.map(({ blockId }) => blockId))).toEqual(
          new Set([block('a'), block('b')]),
        )
        const proof = decodeEvidenceProof(fromHex(each!.bytes!)!)
        expect(proof).toMatchObject({
          ok: true,
          value: { type: 'contradiction', pair: pairOf(first, second) },
        })
      }
      await untilBlock(observer.node, () => events.length > 0)
      expect(events).toEqual(all[3])
    },
    TIMEOUT_MS,
  )

  it(
    'reaches a node that comes after it was told',
    async () => {
      const { height } = observer.node.chain
      await tell(
        await signed(bad, 'commit', block('a'), height),
        await signed(bad, 'commit', block('b'), height),
      )
      const [held] = await kept(observer)
      await Promise.all(cluster.nodes.map((node) => kept(node)))
      const late = await cluster.start(null)
      const [heard] = await kept(late)
      expect(heard).toEqual({ ...held, atMs: heard!.atMs, source: 'gossip' })
    },
    TIMEOUT_MS,
  )

  it(
    'is told to those who ask unless they have it, for as long as it can be punished',
    async () => {
      let laterMs = 0
      const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + laterMs }
      const asked = await cluster.start(null, { clock })
      await villain.dial(asked.network.addresses()[0]!, { timeoutMs: 1_000 })
      await untilBlock(asked.node, () => asked.node.chain.height >= 2)
      const { height } = asked.node.chain
      const [a, b] = [
        await signed(bad, 'commit', block('a'), height),
        await signed(bad, 'commit', block('b'), height),
      ]
      await tell(a, b)
      const [held] = await kept(asked)
      const ask = async (known: Uint8Array) =>
        decodeList(
          await villain.request(asked.network.self, EVIDENCE_PROTOCOL, known, { timeoutMs: 1_000 }),
          9,
        )
      expect(await ask(new Uint8Array())).toEqual([encodeEvidence(pairOf(a, b))])
      expect(await ask(fromHex(held!.id)!)).toEqual([])
      laterMs = asked.node.chain.parameters.unbondingMs + 1_000
      expect(await ask(new Uint8Array())).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'that is forged in the answer of a peer is refused, and the peer thought less of',
    async () => {
      const { height, genesisHash } = observer.node.chain
      const [a, b] = [
        await signed(bad, 'prepare', block('a'), height),
        await signed(bad, 'prepare', block('b'), height),
      ]
      const forged = encodeEvidence(pairOf(a, { ...b, signature: a.signature }))
      villain.handle(EVIDENCE_PROTOCOL, async () => encodeList([forged]))
      villain.handle(STATUS_PROTOCOL, async () =>
        encodeStatus({
          genesisHash,
          headHeight: 0,
          mode: 'full',
          version: 'test',
          validator: null,
          wallMs: Date.now(),
        }),
      )
      const { peers, options } = observer.node
      await villain.disconnect(observer.network.self)
      await villain.dial(observer.network.addresses()[0]!, { timeoutMs: 1_000 })
      await untilTold(observer, () => peers.reputation(villain.self).rejected > 0)
      expect(options.telemetry.metrics()).toContain('evidence_refused{code="bad-signature"} 1')
      expect(observer.node.evidence.book.all()).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'of two certificates of one height accuses all who signed both',
    async () => {
      const head = (await observer.node.chain.load(observer.node.chain.height))!
      const { header, body } = head.block
      const { set } = observer.node.chain.setAt(header.height)!
      const commits = await Promise.all(
        cluster.validators.map((who) =>
          signed(who, 'commit', block('c'), header.height, head.certificate.round),
        ),
      )
      const certificate = certificateFromCommits(set, commits as Commit[])
      const message = {
        header,
        certificate,
        transactionIds: [],
        evidence: body.evidence,
        parentCertificate: body.parentCertificate,
      }
      await villain.publish('decided', encodeDecided(message))
      const evidence = await kept(observer, 3)
      const genuine = cluster.validators.slice(0, 3).map(({ address }) => formatAddress(address))
      for (const { validator, statements } of evidence) {
        expect(genuine).toContain(validator)
        expect(statements.map(({ type }) => type)).toEqual(['commit', 'commit'])
      }
      // Each of them sees that somebody has its key, and stops.
      for (const { api } of cluster.nodes.slice(0, 3))
        await vi.waitFor(
          async () => {
            const { validator } = await api.call('node_status', {})
            expect(validator).toMatchObject({
              signing: false,
              silentBecause: { code: 'key-used-elsewhere' },
            })
          },
          { timeout: TIMEOUT_MS },
        )
    },
    TIMEOUT_MS,
  )

  it(
    'that is forged, harmless, of an outsider or malformed is refused with a code and counted',
    async () => {
      const { height } = observer.node.chain
      const [a, b] = [
        await signed(bad, 'prepare', block('a'), height),
        await signed(bad, 'prepare', block('b'), height),
      ]
      await tell(a, { ...b, signature: a.signature })
      await refusedFor(observer, 'bad-signature')
      await tell(a, { ...b, round: 1 })
      await refusedFor(observer, 'no-offence')
      const outsider = `0x${'99'.repeat(20)}` as Address
      await tell({ ...a, sender: outsider }, { ...b, sender: outsider })
      await refusedFor(observer, 'not-member')
      await tell({ ...a, height: height + 1_000 }, { ...b, height: height + 1_000 })
      await refusedFor(observer, 'unknown-height')
      await villain.publish('evidence', Uint8Array.of(1, 2, 3))
      await refusedFor(observer, 'malformed')
      expect(observer.node.evidence.book.all()).toEqual([])
      const { rejected } = await observer.api.call('network_health', {})
      expect(rejected).toMatchObject({ 'evidence-bad-signature': 1, 'evidence-no-offence': 1 })
      expect(rejected['evidence-unknown-height']).toBeUndefined()
    },
    TIMEOUT_MS,
  )

  it(
    'that is told again, with other signature bytes too, is known and not passed on',
    async () => {
      const { height } = observer.node.chain
      const [a, b] = [
        await signed(bad, 'prepare', block('a'), height),
        await signed(bad, 'prepare', block('b'), height),
      ]
      await tell(a, b)
      await kept(observer)
      await tell(a, { ...b, signature: new Uint8Array(64).fill(7) })
      await refusedFor(observer, 'known')
      expect(observer.node.evidence.book.all()).toHaveLength(1)
      expect(observer.node.rejections()['evidence-bad-signature']).toBeUndefined()
    },
    TIMEOUT_MS,
  )
})

it('of invalid blocks the newest proofs are kept for the chain', async () => {
  const { height } = observer.node.chain
  const { evidence } = observer.node
  const reject = (round: number) => {
    const place = { height, round }
    const proposal = { ...prePrepare(0, { ...place, blockId: hashNumber(round) }), sender: bad.address }
    const rejects = cluster.validators.slice(0, 3).map(({ address }) => ({
      ...rejectOf(0, hashNumber(round), 'wrong-state-root', place),
      sender: address,
    }))
    evidence.rejected({ proposal, rejects })
  }
  const rounds = async () => {
    const proofs = await evidence.proofs(() => true)
    return proofs.map((proof) => (proof.type === 'invalid-block' ? proof.proposal.round : null))
  }
  const all = Array.from({ length: KEPT_INVALID_BLOCKS + 2 }, (_, round) => round)
  for (const round of all.slice(0, KEPT_INVALID_BLOCKS)) reject(round)
  expect(await rounds()).toEqual(all.slice(0, KEPT_INVALID_BLOCKS))
  for (const round of all.slice(KEPT_INVALID_BLOCKS)) reject(round)
  expect(await rounds()).toEqual(all.slice(2))
})
