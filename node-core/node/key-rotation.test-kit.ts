/** A change of keys as the chain's others see it: what one validator says on the wire, and which key each of it is by. */
import { expect } from 'vitest'
import { createVerifier } from '../adapters/verifier.ts'
import { equalBytes } from '../lib/bytes.ts'
import { decodeConsensusMessage } from '../protocol/codec-messages.ts'
import { messageSigningBytes, validatorsHash } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import type { GuardedMessage } from '../protocol/messages.ts'
import { sameSignedFields } from '../protocol/offence.ts'
import { accountOf } from '../state/ledger.ts'
import type { LiveNode } from './live-node.ts'
import { type Person, provedKeys, type TestCluster, untilBlock } from './test-cluster.ts'
import type { ValidatorKeys } from './validator-keys.ts'
import { decodeRepeatable } from './wire-protocols.ts'

/** Everything that this validator's processes sign from now on. */
export async function listenTo(cluster: TestCluster, who: Person): Promise<readonly GuardedMessage[]> {
  const said: GuardedMessage[] = []
  const network = cluster.hub.createNetwork({ peer: 'ears' })
  network.onGossip(async (topic, bytes) => {
    const decoded = topic === 'consensus' ? decodeConsensusMessage(decodeRepeatable(bytes)!) : null
    if (decoded?.ok && decoded.value.type !== 'reject' && decoded.value.sender === who.address)
      said.push(decoded.value)
    return 'accept'
  })
  await network.start()
  for (const { network: other } of cluster.nodes)
    await network.dial(other.addresses()[0]!, { timeoutMs: 1_000 })
  return said
}

/** By this node. */
export async function sendRotation(
  node: LiveNode,
  cluster: TestCluster,
  who: Person,
  { validatorKey, randomnessKey }: ValidatorKeys,
): Promise<void> {
  const payload = {
    type: 'validator.rotateKey',
    ...(await provedKeys({ ...who, validatorKey, randomnessKey }, cluster.genesis.chainId)),
  } as const
  const { nonce } = accountOf(node.chain.state, who.address)
  expect(await node.submit(await cluster.sign(who, payload, nonce))).toMatchObject({ ok: true })
}

/** Resolves with the first height whose set has this key. */
export async function untilNamed(
  node: LiveNode,
  { validatorKey: { publicKey } }: ValidatorKeys,
): Promise<Height> {
  const { chain } = node
  const isNamed = () => chain.nextSet.set.members.some((each) => equalBytes(each.validatorKey, publicKey))
  await untilBlock(node, isNamed)
  return chain.height + 1
}

/** Each is by the key that the set of its height names and by no other, and nothing is said in two ways at one place. */
export async function expectOwnKeys(
  said: readonly GuardedMessage[],
  { chain }: LiveNode,
  keys: readonly ValidatorKeys[],
): Promise<void> {
  const verifier = createVerifier()
  for (const message of said) {
    const set = (await chain.loadSetAt(message.height))!
    const named = set.members.find(({ address }) => address === message.sender)!.validatorKey
    const bytes = messageSigningBytes(chain.genesis.chainId, validatorsHash(set), message)
    for (const {
      validatorKey: { publicKey },
    } of keys) {
      const isBy = await verifier.verifyEd25519(publicKey, bytes, message.signature)
      expect([message.type, message.height, isBy]).toEqual([
        message.type,
        message.height,
        equalBytes(publicKey, named),
      ])
    }
    const same = said.filter(
      ({ type, height, round }) =>
        type === message.type && height === message.height && round === message.round,
    )
    for (const other of same) expect(sameSignedFields(other, message)).toBe(true)
  }
}
