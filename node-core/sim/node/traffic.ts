/** Transfers that people send now and then, to a node that is up. */
import { UNITS_PER_AIT } from '../../protocol/amount.ts'
import { encodeTransaction } from '../../protocol/codec-transaction.ts'
import { transactionSigningBytes } from '../../protocol/hash.ts'
import type { UnsignedTransaction } from '../../protocol/transaction.ts'
import { accountOf } from '../../state/ledger.ts'
import type { NodeWorld } from './node-world.ts'
import { stubSignature } from './stub-crypto.ts'

/** Between two transfers when there is always work, ms. */
const INTERVAL_MS = 600

export function startTraffic(world: NodeWorld): void {
  const { work } = world.scenario
  if (work <= 0) return
  const next = () =>
    world.after((INTERVAL_MS / work) * (0.5 + world.random.next()), () => {
      sendOne(world)
      next()
    })
  next()
}

function sendOne(world: NodeWorld): void {
  const { random, people, genesis } = world
  const from = random.pick(people)
  const to = random.pick(people)
  const { live } = random.pick(world.replicas)
  if (!live) return
  const unsigned: UnsignedTransaction = {
    chainId: genesis.chainId,
    sender: from.address,
    nonce: accountOf(live.chain.state, from.address).nonce,
    gasLimit: 100_000,
    maxFeePerGas: 1_000n,
    maxPriorityFeePerGas: BigInt(1 + random.below(5)),
    validUntilHeight: live.chain.height + 1_000,
    payload: { type: 'transfer', to: to.address, amount: UNITS_PER_AIT },
  }
  const { publicKey } = from.accountKey
  const bytes = stubSignature(publicKey, transactionSigningBytes(unsigned))
  world.run(async () => {
    await live.submit(encodeTransaction({ ...unsigned, signature: { scheme: 0, publicKey, bytes } }))
  })
}
