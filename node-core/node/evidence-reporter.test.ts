/** Whole nodes with real keys: who contradicts itself is punished on the chain, by what the others send of themselves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { toHex } from '../lib/bytes.ts'
import { bitmapOf } from '../protocol/certificate-builder.ts'
import { pairOf } from '../protocol/codec-evidence.ts'
import { decodeConsensusMessage, encodeConsensusMessage } from '../protocol/codec-messages.ts'
import { type EvidenceProof, encodeEvidenceProof } from '../protocol/evidence-proof.ts'
import { blockId, messageSigningBytes, ZERO_HASH } from '../protocol/hash.ts'
import type { ChainId, Hash, Height } from '../protocol/ids.ts'
import type { ConsensusMessage, Unsigned } from '../protocol/messages.ts'
import { SLASHES_KEY, validatorKey } from '../state/keys.ts'
import { accountOf } from '../state/ledger.ts'
import { reviewTransaction, signAndSubmit } from './account-signer.ts'
import { type Person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'
import { deskOf } from './transaction-desk.ts'
import { ValidatorDuties } from './validator-duties.ts'
import { decodeRepeatable, encodeRepeatable } from './wire-protocols.ts'

const TIMEOUT_MS = 60_000
const block = (digit: string) => `0x${digit.repeat(64)}` as Hash

let cluster: TestCluster
let first: TestNode
let bad: Person
let duties: ValidatorDuties[]
let sent: number

beforeEach(async () => {
  cluster = await TestCluster.create({ validators: 4, parameters: { unbondingMs: 600_000 } })
  bad = cluster.validators[3]!
  sent = 0
  duties = []
  for (const each of cluster.validators.slice(0, 3)) takeUp(await cluster.start(each), each)
  first = cluster.nodes[0]!
  await untilBlock(first.node, () => first.node.chain.height >= 2)
}, TIMEOUT_MS)

afterEach(async () => {
  for (const each of duties) each.stop()
  await cluster.stop()
})

function takeUp({ node }: TestNode, who: Person): void {
  const desk = deskOf(node)
  duties.push(
    new ValidatorDuties(node, async (payload) => {
      if (payload.type === 'evidence.submit') sent++
      const { unsigned } = await reviewTransaction(desk, who.address, payload)
      await signAndSubmit(desk, who.accountKey, unsigned)
    }),
  )
}

async function signed(
  who: Person,
  message: Omit<Unsigned<ConsensusMessage>, 'sender'> & { readonly height: Height },
  chainId = cluster.genesis.chainId,
): Promise<ConsensusMessage> {
  const { hash } = first.node.chain.setAt(message.height)!
  const fields = { ...message, sender: who.address } as Unsigned<ConsensusMessage>
  const bytes = messageSigningBytes(chainId, hash, fields)
  return { ...fields, signature: await who.validatorKey.sign(bytes) } as ConsensusMessage
}

const commitOf = (who: Person, height: Height, blockId: Hash, chainId?: ChainId) =>
  signed(who, { type: 'commit', height, round: 0, blockId } as never, chainId) as Promise<
    Extract<ConsensusMessage, { type: 'commit' }>
  >

async function doubleSign(height: Height, validatorPublicKey = bad.validatorKey.publicKey) {
  const { hash } = first.node.chain.setAt(height)!
  const pair = pairOf(await commitOf(bad, height, block('a')), await commitOf(bad, height, block('b')))
  const proof = { type: 'contradiction', validatorsHash: hash, validatorKey: validatorPublicKey, pair }
  return proof as Extract<EvidenceProof, { type: 'contradiction' }>
}

const recordOf = ({ node }: TestNode, who: Person) => node.chain.state.get(validatorKey(who.address))!

async function say(villain: MemoryNetwork, ...messages: ConsensusMessage[]): Promise<void> {
  for (const [i, message] of messages.entries())
    await villain.publish('consensus', encodeRepeatable(1_000_000 + i, encodeConsensusMessage(message)))
}

async function sendTo(node: TestNode, proof: EvidenceProof) {
  const payload = { type: 'evidence.submit', proof: encodeEvidenceProof(proof) } as const
  const sender = cluster.validators[0]!
  const { nonce } = accountOf(node.node.chain.state, sender.address)
  return node.node.submit(await cluster.sign(sender, payload, nonce))
}

describe('a validator that contradicts itself', () => {
  it(
    'is removed on every chain by what one of the others sends',
    async () => {
      const villain = cluster.hub.createNetwork({ peer: 'villain' })
      await villain.start()
      for (const { network } of cluster.nodes)
        await villain.dial(network.addresses()[0]!, { timeoutMs: 1_000 })
      const { height } = first.node.chain
      await say(villain, await commitOf(bad, height, block('a')), await commitOf(bad, height, block('b')))
      await Promise.all(
        cluster.nodes.map((each) => untilBlock(each.node, () => recordOf(each, bad).tombstoned)),
      )
      const [slashed, ...others] = first.node.chain.state.get(SLASHES_KEY)!.slashes
      expect(slashed).toMatchObject({ validator: bad.address, offence: 'double-sign', offenceHeight: height })
      expect(others).toEqual([])
      // Whoever would send it too is told so, and pays nothing.
      const payload = {
        type: 'evidence.submit',
        proof: encodeEvidenceProof(await doubleSign(height)),
      } as const
      await expect(
        reviewTransaction(deskOf(first.node), cluster.validators[0]!.address, payload),
      ).rejects.toMatchObject({ code: 'evidence-known' })
      const end = first.node.chain.height + 12
      await untilBlock(first.node, () => first.node.chain.height >= end)
      expect(first.node.chain.nextSet.set.members.map(({ address }) => address)).not.toContain(bad.address)
      // They took turns: nobody paid for what was punished already, or two did at the most.
      expect(sent).toBeLessThanOrEqual(2)
      await villain.stop()
    },
    TIMEOUT_MS,
  )
})

describe('a validator that proposes an invalid block', () => {
  it(
    'is jailed on every chain by what one of the others sends',
    async () => {
      const villain = await cluster.start(bad)
      const { publish } = villain.network
      const forged: Hash[] = []
      villain.network.publish = async (topic, bytes) => {
        const decoded = topic === 'consensus' ? decodeConsensusMessage(decodeRepeatable(bytes)!) : null
        if (!decoded?.ok || decoded.value.type !== 'pre-prepare')
          return publish.call(villain.network, topic, bytes)
        const { block: proposed, ...place } = decoded.value
        const header = { ...proposed.header, stateRoot: ZERO_HASH }
        const spoilt = await signed(bad, {
          ...place,
          blockId: blockId(header),
          block: { ...proposed, header },
        } as never)
        forged.push(blockId(header))
        await publish.call(
          villain.network,
          topic,
          encodeRepeatable(2_000_000 + forged.length, encodeConsensusMessage(spoilt)),
        )
      }
      const honest = cluster.nodes.slice(0, 3)
      await Promise.all(honest.map((each) => untilBlock(each.node, () => recordOf(each, bad).jail !== null)))
      expect(forged.length).toBeGreaterThan(0)
      for (const each of honest) {
        expect(recordOf(each, bad)).toMatchObject({ jail: { reason: 'invalid-block' }, tombstoned: false })
        const [slashed, ...others] = each.node.chain.state.get(SLASHES_KEY)!.slashes
        expect(slashed).toMatchObject({ validator: bad.address, offence: 'invalid-block', fraction: 300_000 })
        expect(cluster.validators.slice(0, 3).map(({ address }) => address)).toContain(slashed!.reporter)
        expect(others).toEqual([])
      }
      const end = first.node.chain.height + 12
      await untilBlock(first.node, () => first.node.chain.height >= end)
      expect(first.node.chain.nextSet.set.members.map(({ address }) => address)).not.toContain(bad.address)
      expect(sent).toBeLessThanOrEqual(2)
    },
    TIMEOUT_MS,
  )
})

/** The key whose signature does not hold is named. */
const refusedFor = ({ validatorKey }: Person) => ({
  code: 'bad-evidence-signature',
  data: { key: toHex(validatorKey.publicKey) },
})

describe('evidence whose signatures do not hold', () => {
  it(
    'is refused where it comes in',
    async () => {
      const proof = await doubleSign(first.node.chain.height)
      const { pair } = proof
      const spoilt = { ...pair.second, signature: pair.first.signature }
      expect(await sendTo(first, { ...proof, pair: { ...pair, second: spoilt } })).toMatchObject({
        ok: false,
        ...refusedFor(bad),
      })
      const otherKey = { ...proof, validatorKey: cluster.validators[1]!.validatorKey.publicKey }
      expect(await sendTo(first, otherKey)).toMatchObject(refusedFor(cluster.validators[1]!))
      const otherSet = { ...proof, validatorsHash: ZERO_HASH }
      expect(await sendTo(first, otherSet)).toMatchObject(refusedFor(bad))
      // What a validator signs twice on a chain where it has the same key is nothing against it here.
      const { height } = pair.first
      const [one, other] = ['a', 'b'].map((name) =>
        commitOf(bad, height, block(name), 'elsewhere' as ChainId),
      )
      const elsewhere = { ...proof, pair: pairOf(await one!, await other!) }
      expect(await sendTo(first, elsewhere)).toMatchObject(refusedFor(bad))
    },
    TIMEOUT_MS,
  )

  it(
    'holds of a quorum of REJECTs by each of them alone',
    async () => {
      const { height } = first.node.chain
      const { set } = first.node.chain.setAt(height)!
      const rejecters = cluster.validators.slice(0, 3).toSorted((a, b) => (a.address < b.address ? -1 : 1))
      const place = { height, round: 0, blockId: block('c') }
      const proposal = await signed(bad, { type: 'pre-prepare', ...place } as never)
      const rejects = await Promise.all(
        rejecters.map((who) => signed(who, { type: 'reject', ...place, code: 'wrong-state-root' } as never)),
      )
      const proof = {
        type: 'invalid-block',
        set,
        proposal,
        code: 'wrong-state-root',
        bitmap: bitmapOf(set, new Set(rejecters.map(({ address }) => address))),
        signatures: rejects.map(({ signature }) => signature),
      } as Extract<EvidenceProof, { type: 'invalid-block' }>
      expect(await sendTo(first, { ...proof, code: 'wrong-gas-used' })).toMatchObject(
        refusedFor(rejecters[0]!),
      )
      const swapped = [proof.signatures[1]!, proof.signatures[0]!, proof.signatures[2]!]
      expect(await sendTo(first, { ...proof, signatures: swapped })).toMatchObject(refusedFor(rejecters[0]!))
      const unsigned = { ...proof.proposal, signature: proof.signatures[0]! }
      expect(await sendTo(first, { ...proof, proposal: unsigned })).toMatchObject(refusedFor(bad))
      expect(await sendTo(first, proof)).toMatchObject({ ok: true })
      await untilBlock(first.node, () => recordOf(first, bad).jail !== null)
      expect(recordOf(first, bad)).toMatchObject({ jail: { reason: 'invalid-block' }, tombstoned: false })
    },
    TIMEOUT_MS,
  )
})
