import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Header } from '../protocol/block.ts'
import { certificateHash, transactionsRoot } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import { checkBlock } from './apply-block.ts'
import type { BlockErrorCode } from './block-errors.ts'
import { canonicalOrder, isInCanonicalOrder } from './ordering.ts'
import { addressNumber, TestChain, transactionBy, VERIFIED_OUTSIDE } from './test-chain.ts'

const transfer = (to: number, amount = 1n) => ({ type: 'transfer', to: addressNumber(to), amount }) as const
const OTHER = `0x${'ab'.repeat(32)}` as Hash

function chainWithBlock() {
  const chain = new TestChain()
  chain.decide([chain.by(1, transfer(2))])
  const block = chain.propose([
    chain.by(1, transfer(2), { tip: 5n }),
    chain.by(1, transfer(3), { tip: 90n, nonce: 2 }),
    chain.by(2, transfer(3), { tip: 50n }),
    chain.by(3, transfer(4), { tip: 50n }),
  ])
  return { chain, block }
}

describe('a proposed block', () => {
  it('is valid, and what it did is what it said', () => {
    const { chain, block } = chainWithBlock()
    const checked = chain.check(block)
    if (!checked.ok) throw new Error(checked.code)
    expect(checked.outcome.receipts).toEqual(block.outcome.receipts)
    expect(checked.outcome.transactionIds).toEqual(block.transactions.map((each) => each.id))
    checked.outcome.overlay.adopt()
    expect(chain.state.root()).toBe(block.header.stateRoot)
  })

  it('leaves the parent’s state as it was until it is adopted, and may be checked beside others', () => {
    const { chain, block } = chainWithBlock()
    const [root, nonce] = [chain.state.root(), chain.nonceOf(1)]
    const rival = chain.propose([], { proposer: chain.set.members[1]!.address })
    expect(chain.check(block).ok).toBe(true)
    expect(chain.check(rival).ok).toBe(true)
    expect(chain.check(block).ok).toBe(true)
    expect([chain.state.root(), chain.nonceOf(1)]).toEqual([root, nonce])
  })

  it('leaves out what cannot be in it, and what follows that', () => {
    const chain = new TestChain()
    const good = chain.by(2, transfer(3))
    const { transactions } = chain.propose([
      chain.by(1, transfer(2), { validUntilHeight: 0 }),
      chain.by(1, transfer(2), { nonce: 1, tip: 900n }),
      chain.by(60, transfer(2)),
      good,
      chain.by(3, transfer(2), { nonce: 7 }),
    ])
    expect(transactions).toEqual([good])
  })

  it('holds no more gas than its limit', () => {
    const chain = new TestChain({ parameters: { blockGasLimit: 210_000, senderGasShare: 1_000_000 } })
    const waiting = Array.from({ length: 20 }, (_, nonce) => chain.by(1, transfer(2), { nonce }))
    const block = chain.propose(waiting)
    expect(block.header.gasUsed).toBe(210_000)
    expect(chain.check(block).ok).toBe(true)
    chain.decide(waiting)
    expect(chain.propose().header.baseFeePerGas).toBe(1_125n)
  })

  it('has no more of one sender than its share of the gas, and others in the place of the rest', () => {
    const chain = new TestChain({ parameters: { blockGasLimit: 210_000 } })
    const flood = Array.from({ length: 8 }, (_, nonce) => chain.by(1, transfer(2), { nonce, tip: 500n }))
    const others = [2, 3].map((n) => chain.by(n, transfer(1)))
    const block = chain.propose([...flood, ...others])
    expect(block.transactions.map(({ transaction }) => transaction.sender)).toEqual([
      ...Array(5).fill(addressNumber(1)),
      ...canonicalOrder(others, 1_000n).map(({ transaction }) => transaction.sender),
    ])
    expect(chain.check(block).ok).toBe(true)
    chain.decide([...flood, ...others])
    expect(chain.propose(flood).transactions).toHaveLength(3)
  })

  it('comes no earlier than the block time, and with nothing in it than the empty interval', () => {
    const chain = new TestChain()
    expect(chain.propose([chain.by(1, transfer(2))]).header.timestampMs).toBe(1_001_000)
    expect(chain.propose([chain.by(60, transfer(2))]).header.timestampMs).toBe(1_010_000)
    expect(chain.propose([], { timestampMs: 1_020_000 }).header.timestampMs).toBe(1_020_000)
  })
})

describe('a changed header', () => {
  const { chain, block } = chainWithBlock()

  it.each<[string, Partial<Header>, BlockErrorCode]>([
    ['version', { version: 2 }, 'wrong-version'],
    ['chainId', { chainId: 'other' }, 'wrong-chain'],
    ['height', { height: 3 }, 'wrong-height'],
    ['parentId', { parentId: OTHER }, 'wrong-parent'],
    ['timestampMs', { timestampMs: block.header.timestampMs - 1 }, 'timestamp-too-early'],
    ['proposer', { proposer: addressNumber(77) }, 'proposer-not-member'],
    ['validatorsHash', { validatorsHash: OTHER }, 'wrong-validators-hash'],
    ['nextValidatorsHash', { nextValidatorsHash: OTHER }, 'wrong-next-validators-hash'],
    ['transactionsRoot', { transactionsRoot: OTHER }, 'transactions-mismatch'],
    ['receiptsRoot', { receiptsRoot: OTHER }, 'wrong-receipts-root'],
    ['stateRoot', { stateRoot: OTHER }, 'wrong-state-root'],
    ['evidenceRoot', { evidenceRoot: OTHER }, 'evidence-mismatch'],
    ['lastCertificateHash', { lastCertificateHash: OTHER }, 'certificate-mismatch'],
    ['gasUsed', { gasUsed: block.header.gasUsed + 1 }, 'wrong-gas-used'],
    ['gasLimit', { gasLimit: block.header.gasLimit + 1 }, 'wrong-gas-limit'],
    ['baseFeePerGas', { baseFeePerGas: block.header.baseFeePerGas + 1n }, 'wrong-base-fee'],
  ])('%s is refused', (_field, changes, code) => {
    const mismatched = code.endsWith('-mismatch')
    const header = { ...block.header, ...changes }
    expect(chain.check({ ...block, header })).toEqual({ ok: false, code, mismatched })
  })

  it('covers every field', () => {
    expect(Object.keys(block.header)).toHaveLength(18)
  })
})

describe('a changed body', () => {
  const { chain, block } = chainWithBlock()

  it.each<[string, () => Partial<typeof block>, BlockErrorCode]>([
    ['a transaction less', () => ({ transactions: block.transactions.slice(1) }), 'transactions-mismatch'],
    ['evidence more', () => ({ evidence: [Uint8Array.of(1)] }), 'evidence-mismatch'],
    ['no certificate', () => ({ parentCertificate: null }), 'certificate-mismatch'],
  ])('%s is nobody’s fault', (_title, changes, code) => {
    expect(chain.check({ ...block, ...changes() })).toEqual({ ok: false, code, mismatched: true })
  })

  function withTransactions(transactions: typeof block.transactions) {
    const header = {
      ...block.header,
      transactionsRoot: transactionsRoot(transactions.map((each) => each.id)),
    }
    return chain.check({ ...block, header, transactions })
  }

  it('in another order is invalid', () => {
    const [first, second, ...rest] = block.transactions
    const code = 'wrong-order'
    expect(withTransactions([second!, first!, ...rest])).toEqual({ ok: false, code, mismatched: false })
    expect(withTransactions(block.transactions.toReversed())).toEqual({ ok: false, code, mismatched: false })
  })

  it('with a transaction that may not be there is invalid', () => {
    const code = 'inadmissible-transaction'
    for (const bad of [
      transactionBy(60, transfer(1)),
      transactionBy(1, transfer(1)),
      transactionBy(2, transfer(1), { nonce: 9 }),
    ])
      expect(withTransactions([bad])).toEqual({ ok: false, code, mismatched: false })
  })

  it('with too much gas is invalid', () => {
    const full = new TestChain({ parameters: { blockGasLimit: 50_000, senderGasShare: 1_000_000 } })
    const transactions = [0, 1, 2].map((nonce) => full.by(1, transfer(2), { nonce }))
    const proposal = full.propose(transactions)
    expect(proposal.transactions).toHaveLength(2)
    const header = {
      ...proposal.header,
      transactionsRoot: transactionsRoot(transactions.map((each) => each.id)),
    }
    expect(full.check({ ...proposal, header, transactions })).toMatchObject({ code: 'gas-limit-exceeded' })
  })

  it('with more of one sender than its share is invalid', () => {
    const chain = new TestChain({ parameters: { blockGasLimit: 100_000, senderGasShare: 800_000 } })
    const transactions = [0, 1, 2, 3].map((nonce) => chain.by(1, transfer(2), { nonce }))
    const proposal = chain.propose(transactions)
    expect(proposal.transactions).toHaveLength(3)
    const header = {
      ...proposal.header,
      transactionsRoot: transactionsRoot(transactions.map((each) => each.id)),
    }
    expect(chain.check({ ...proposal, header, transactions })).toMatchObject({
      code: 'sender-share-exceeded',
    })
  })

  it('with a certificate of another block, or none, is invalid', () => {
    for (const parentCertificate of [
      { ...block.parentCertificate!, blockId: OTHER },
      { ...block.parentCertificate!, height: 9 },
      null,
    ]) {
      const header = { ...block.header, lastCertificateHash: certificateHash(parentCertificate) }
      expect(chain.check({ ...block, header, parentCertificate })).toEqual({
        ok: false,
        code: 'invalid-parent-certificate',
        mismatched: false,
      })
    }
  })

  it('is invalid where a signature outside of it was', () => {
    const { state, parent } = chain
    const unproved = { ...VERIFIED_OUTSIDE, parentCertificateValid: false }
    expect(checkBlock(state, parent, block, unproved)).toMatchObject({ code: 'invalid-parent-certificate' })
    const unrevealed = { ...VERIFIED_OUTSIDE, randomnessValid: false }
    expect(checkBlock(state, parent, block, unrevealed)).toMatchObject({ code: 'invalid-randomness-reveal' })
  })
})

describe('the order of transactions', () => {
  const some = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(60)), { maxLength: 30 })
    .map((pairs) => {
      const nonces = new Map<number, number>()
      return pairs.map(([n, tip]) => {
        const nonce = nonces.get(n) ?? 0
        nonces.set(n, nonce + 1)
        return transactionBy(n, transfer(9), { nonce, tip: BigInt(tip), maxFeePerGas: 1_040n })
      })
    })

  it('is one, whatever the order of arrival; nonces follow; no other order passes', () => {
    fc.assert(
      fc.property(some, fc.func(fc.nat()), (transactions, arrival) => {
        const ordered = canonicalOrder(transactions, 1_000n)
        const shuffled = transactions.toSorted((a, b) => arrival(a.id) - arrival(b.id))
        expect(canonicalOrder(shuffled, 1_000n)).toEqual(ordered)
        expect(isInCanonicalOrder(ordered, 1_000n)).toBe(true)
        expect(isInCanonicalOrder(shuffled, 1_000n)).toBe(shuffled.every((each, i) => each === ordered[i]))
        const next = new Map<string, number>()
        for (const { transaction } of ordered) {
          expect(transaction.nonce).toBe(next.get(transaction.sender) ?? 0)
          next.set(transaction.sender, transaction.nonce + 1)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('puts the higher tip first, then the lower id, and a high tip behind its own lower nonce', () => {
    const low = transactionBy(1, transfer(9), { tip: 1n })
    const behindLow = transactionBy(1, transfer(9), { tip: 90n, nonce: 1 })
    const pair = [transactionBy(2, transfer(9), { tip: 5n }), transactionBy(3, transfer(9), { tip: 5n })]
    const tied = pair.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(canonicalOrder([behindLow, ...pair, low], 1_000n)).toEqual([...tied, low, behindLow])
  })
})
