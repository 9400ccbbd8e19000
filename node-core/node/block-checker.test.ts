import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createVerifier } from '../adapters/verifier.ts'
import type { Clock } from '../ports/clock.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import { blockId, messageSigningBytes, randomnessMessage, randomnessOf } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
import { BlockBuilder } from './block-builder.ts'
import { BlockChecker } from './block-checker.ts'
import { BodySource } from './body-source.ts'
import { CertificateVerifier } from './certificate-verifier.ts'
import { CHECKED_BLOCKS } from './constants.ts'
import { LateCommits } from './late-commits.ts'
import { TestCluster } from './test-cluster.ts'
import { TransactionVerifier } from './transaction-verifier.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

/** A head at genesis, its checker, and the block that the first validator would propose. */
async function proposed(clock: Pick<Clock, 'wallMs' | 'monotonicMs'> = systemClock) {
  cluster = await TestCluster.create({ validators: 4 })
  const { node, network } = await cluster.start(null)
  const { chain, pool } = node
  const verifier = createVerifier()
  const { chainId, parameters } = chain.genesis
  const transactions = new TransactionVerifier(verifier, chainId, parameters.maximumTransactionBytes)
  const checker = new BlockChecker({
    chain,
    verifier,
    bodies: new BodySource({ network, verifier: transactions, clock: systemClock }),
    certificates: new CertificateVerifier(verifier, chainId),
  })
  const [proposer, other] = cluster.validators
  const builder = new BlockBuilder({
    chain,
    checker,
    pool,
    clock: { ...clock, setTimer: systemClock.setTimer },
    lateCommits: new LateCommits(),
    proposer: proposer!.address,
    keyIn: () => proposer!.randomnessKey,
  })
  const build = async () => (await builder.build({ height: 1, round: 0, notBeforeMs: 0 }))!
  const { id, block } = await build()
  const check = (compact: CompactBlock) => checker.checkWhole(blockId(compact.header), compact, [])
  const message = randomnessMessage(chainId, chain.parent.randomness)
  return { id, block, check, checker, build, node, message, other: other!.randomnessKey }
}

describe('the randomness of a proposed block', () => {
  it('is what the proposer can prove, and cannot choose', async () => {
    const { block, check, message, other } = await proposed()
    expect(await check(block)).toEqual({ verdict: 'valid' })

    const invalid = { verdict: 'invalid', code: 'invalid-randomness-reveal' }
    const chosen = randomnessOf(new Uint8Array(64).fill(7))
    expect(await check({ ...block, header: { ...block.header, randomness: chosen } })).toEqual(invalid)

    const { proof, output } = await other.prove(message)
    const borrowed = { randomnessReveal: proof, randomness: randomnessOf(output) }
    expect(await check({ ...block, header: { ...block.header, ...borrowed } })).toEqual(invalid)

    const spoilt = block.header.randomnessReveal.slice()
    spoilt[70]! ^= 1
    expect(await check({ ...block, header: { ...block.header, randomnessReveal: spoilt } })).toEqual(invalid)
  })
})

describe('a block made here', () => {
  it('is known to be valid, and what another made under its header is looked at', async () => {
    const { id, block, checker } = await proposed()
    const copy = { ...block, header: { ...block.header, randomness: id } }
    expect(checker.checked(id)?.compact).toBe(block)
    expect(await checker.check(id, block)).toEqual({ verdict: 'valid' })
    expect(await checker.check(id, copy)).toMatchObject({ verdict: 'invalid' })
    checker.startHeight()
    expect(checker.checked(id)).toBeUndefined()
    expect(await checker.check(id, block)).toEqual({ verdict: 'valid' })
  })

  it('is not judged on a head that it is under already', async () => {
    const { id, block, checker, node } = await proposed()
    const { chain } = node
    const { set, hash } = chain.nextSet
    const commits = await Promise.all(
      cluster.validators.map(async ({ address, validatorKey }) => {
        const fields = { type: 'commit', height: 1, round: 0, sender: address, blockId: id } as const
        const bytes = messageSigningBytes(cluster.genesis.chainId, hash, fields)
        return { ...fields, signature: await validatorKey.sign(bytes) }
      }),
    )
    const { block: whole, outcome } = checker.checked(id)!
    const unobserved = { decisionMs: null, ownCommit: null, signedPower: 0 }
    await chain.adopt(whole, certificateFromCommits(set, commits), outcome, unobserved)
    expect(await checker.check(id, { ...block })).toBe('height-ended')
  })

  it('and those of competing proposals are kept up to a limit, the oldest forgotten first', async () => {
    const { id, block, checker } = await proposed()
    const { outcome } = checker.checked(id)!
    const others = Array.from(
      { length: CHECKED_BLOCKS + 2 },
      (_, i) => `0x${String(i).padStart(64, '0')}` as Hash,
    )
    const kept = () => [id, ...others].filter((each) => checker.checked(each))
    for (const other of others.slice(0, CHECKED_BLOCKS - 1)) checker.keep(other, block, [], outcome)
    expect(kept()).toEqual([id, ...others.slice(0, CHECKED_BLOCKS - 1)])
    for (const other of others.slice(CHECKED_BLOCKS - 1)) checker.keep(other, block, [], outcome)
    expect(kept()).toEqual(others.slice(-CHECKED_BLOCKS))
  })

  it('is timed by when it will be ready, as far as the last one tells', async () => {
    const wallMs = Date.now() + 60_000
    let monotonicMs = 0
    const clock = { wallMs: () => wallMs, monotonicMs: () => (monotonicMs += 120) }
    const { block, build, node } = await proposed(clock)
    expect(block.header.timestampMs).toBe(wallMs)
    const [first] = cluster.validators
    const payload = { type: 'transfer', to: first!.address, amount: 1n } as const
    expect(await node.submit(await cluster.sign(first!, payload, 0))).toMatchObject({ ok: true })
    expect((await build()).block.header.timestampMs).toBe(wallMs)
    const next = await build()
    expect(next.block.transactionIds).toHaveLength(1)
    expect(next.block.header.timestampMs).toBe(wallMs + 120)
  })
})
