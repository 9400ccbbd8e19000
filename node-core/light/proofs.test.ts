import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressNumber, TestChain } from '../execution/test-chain.ts'
import { fromHex, toHex } from '../lib/bytes.ts'
import { receipts, transactions } from '../protocol/arbitraries.ts'
import { encodeReceipt } from '../protocol/codec-receipt.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import { hashBytes, receiptsRoot, transactionId, transactionsRoot } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Transaction } from '../protocol/transaction.ts'
import { accountKey, encodeRecord, type StateKey, validatorKey } from '../state/keys.ts'
import { type InclusionProofView, verifyInclusion } from './inclusion.ts'
import { proveListItem, verifyListItem } from './list-proof.ts'
import { type StateProofView, verifyRecord } from './state-proof.ts'

const chain = new TestChain({ funded: Array.from({ length: 40 }, (_, n) => n) })
const root = chain.state.root()

/** As chain_proof writes it. */
function proofOf(of: StateKey<unknown>) {
  const { key, proof } = chain.state.prove(of)
  return {
    key: toHex(key) as string,
    value: proof.value && (toHex(proof.value) as string),
    leaf: proof.leaf && {
      key: toHex(proof.leaf.key) as string,
      valueHash: toHex(proof.leaf.valueHash) as string,
    },
    siblings: proof.siblings.map((sibling) => toHex(sibling) as string),
  }
}

/** One bit of 0x-hex is another. */
function flippedHex(hex: string, bit: number): string {
  const bytes = fromHex(hex)!
  const at = bit % (8 * bytes.length)
  bytes[at >> 3]! ^= 1 << (at & 7)
  return toHex(bytes)
}

const funded = accountKey(addressNumber(3))
const nobody = accountKey(addressNumber(200))
const codeOf = (key: StateKey<unknown>, view: StateProofView, under: Hash = root) => {
  const result = verifyRecord(under, key, view)
  return result.ok ? 'ok' : result.fault.code
}

describe('a record of the state', () => {
  it('is what it is proved to be', () => {
    expect(verifyRecord(root, funded, proofOf(funded))).toMatchObject({
      ok: true,
      value: { record: { balance: 100_000_000_000_000n, nonce: 0 } },
    })
    const validator = validatorKey(addressNumber(0))
    expect(verifyRecord(root, validator, proofOf(validator))).toMatchObject({
      ok: true,
      value: { record: { name: 'validator 0', paying: { stake: 10_000_000_000_000n } } },
    })
  })

  it('is proved not to be there', () => {
    expect(verifyRecord(root, nobody, proofOf(nobody))).toMatchObject({ ok: true, value: { record: null } })
  })

  it.each([
    ['the proof of another account', funded, proofOf(accountKey(addressNumber(4))), root, 'wrong-proof'],
    ['the absence of another account', funded, proofOf(nobody), root, 'wrong-proof'],
    [
      'absence under its own key',
      funded,
      { ...proofOf(nobody), key: proofOf(funded).key },
      root,
      'bad-proof',
    ],
    ['another root', funded, proofOf(funded), `0x${'12'.repeat(32)}` as Hash, 'bad-proof'],
    [
      'more money',
      funded,
      {
        ...proofOf(funded),
        value: toHex(
          encodeRecord(funded, { balance: 9n, nonce: 0, lastDripHeight: 0, funder: null }),
        ) as string,
      },
      root,
      'bad-proof',
    ],
    ['a hidden value', funded, { ...proofOf(funded), value: null }, root, 'bad-proof'],
    ['numbers', funded, { ...proofOf(funded), siblings: [1, 2] }, root, 'malformed'],
    ['no list', funded, { ...proofOf(funded), siblings: 'none' }, root, 'malformed'],
    ['a leaf of text', funded, { ...proofOf(funded), leaf: 'leaf' }, root, 'malformed'],
  ])('is not proved by %s', (_, key, view, under, code) => {
    expect(codeOf(key, view, under)).toBe(code)
  })

  it.each([
    ['inclusion', funded],
    ['absence', nobody],
  ])('is not proved when one bit of the proof of %s is another', (_, key) => {
    const proof = proofOf(key)
    const part = fc.constantFrom('key', 'value', 'leafKey', 'valueHash', 'siblings')
    fc.assert(
      fc.property(part, fc.nat(), fc.nat(), (name, bit, which) => {
        const at = which % proof.siblings.length
        const tampered = {
          key: name === 'key' ? flippedHex(proof.key, bit) : proof.key,
          value: name === 'value' && proof.value ? flippedHex(proof.value, bit) : proof.value,
          leaf: proof.leaf && {
            key: name === 'leafKey' ? flippedHex(proof.leaf.key, bit) : proof.leaf.key,
            valueHash: name === 'valueHash' ? flippedHex(proof.leaf.valueHash, bit) : proof.leaf.valueHash,
          },
          siblings:
            name === 'siblings'
              ? proof.siblings.with(at, flippedHex(proof.siblings[at]!, bit))
              : proof.siblings,
        }
        fc.pre(JSON.stringify(tampered) !== JSON.stringify(proof))
        expect(codeOf(key, tampered)).not.toBe('ok')
      }),
      { numRuns: 400 },
    )
  })

  it('is not proved by anything at all, and nothing throws', () => {
    const anything = fc.oneof(fc.anything(), fc.constant(proofOf(funded).key))
    fc.assert(
      fc.property(anything, anything, anything, anything, (key, value, leaf, siblings) => {
        expect(codeOf(funded, { key, value, leaf, siblings })).not.toBe('ok')
      }),
    )
  })
})

const lists = fc.array(fc.tuple(transactions, receipts), { minLength: 1, maxLength: 20 })

function inclusionOf(pairs: readonly (readonly [Transaction, Receipt])[], index: number) {
  const [transaction, receipt] = pairs[index]!
  const ids = pairs.map(([each]) => transactionId(each))
  const inTransactions = proveListItem(ids.map(hashBytes), index)
  const inReceipts = proveListItem(
    pairs.map(([, each]) => encodeReceipt(each)),
    index,
  )
  return {
    id: ids[index]!,
    header: {
      transactionsRoot: transactionsRoot(ids),
      receiptsRoot: receiptsRoot(pairs.map(([, each]) => each)),
    },
    view: {
      transaction: toHex(encodeTransaction(transaction)) as string,
      receipt: toHex(encodeReceipt(receipt)) as string,
      index,
      count: pairs.length,
      transactionSiblings: inTransactions.siblings as readonly string[],
      receiptSiblings: inReceipts.siblings as readonly string[],
    },
  }
}

describe('a transaction with its receipt', () => {
  it('is in its block, wherever it stands', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (pairs, pick) => {
        const index = pick % pairs.length
        const { id, header, view } = inclusionOf(pairs, index)
        const result = verifyInclusion(header, id, view)
        expect(result).toMatchObject({ ok: true, value: { index, count: pairs.length } })
        if (result.ok) expect([result.value.transaction, result.value.receipt]).toEqual(pairs[index])
      }),
      { numRuns: 60 },
    )
  })

  it('is in no other place, of no other count, and with no other receipt', () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat({ max: 30 }), fc.nat({ max: 30 }), (pairs, pick, at, count) => {
        const index = pick % pairs.length
        const { header, view } = inclusionOf(pairs, index)
        fc.pre(at !== view.index || count !== view.count)
        const proof = { index: at, count, siblings: view.receiptSiblings as readonly Hash[] }
        expect(verifyListItem('receipts', header.receiptsRoot, fromHex(view.receipt)!, proof)).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  it('is not proved when one bit is another', () => {
    const part = fc.constantFrom('transaction', 'receipt', 'transactionSiblings', 'receiptSiblings')
    fc.assert(
      fc.property(lists, fc.nat(), part, fc.nat(), (pairs, pick, name, bit) => {
        const { id, header, view } = inclusionOf(pairs, pick % pairs.length)
        const old = view[name]
        fc.pre(old.length > 0)
        const changed =
          typeof old === 'string'
            ? flippedHex(old, bit)
            : old.with(bit % old.length, flippedHex(old[bit % old.length]!, bit))
        const result = verifyInclusion(header, id, { ...view, [name]: changed })
        // A signature is not under an id: its bits may be others.
        if (result.ok) expect(name).toBe('transaction')
        if (result.ok) expect(transactionId(result.value.transaction)).toBe(id)
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    ['another id', {}, `0x${'ab'.repeat(32)}`, 'wrong-proof'],
    ['a sibling too many', { receiptSiblings: [`0x${'ab'.repeat(32)}`] }, null, 'bad-inclusion'],
    ['siblings that are none', { receiptSiblings: ['0x12'] }, null, 'malformed'],
    ['no place', { index: 'first' }, null, 'malformed'],
    ['half a place', { index: 0.5 }, null, 'bad-inclusion'],
    ['a transaction that is none', { transaction: '0x00' }, null, 'malformed'],
  ] as const)('is not proved by %s', (_, over, otherId, code) => {
    const [pair] = fc.sample(fc.tuple(transactions, receipts), { numRuns: 1, seed: 7 })
    const { id, header, view } = inclusionOf([pair!], 0)
    const result = verifyInclusion(
      header,
      (otherId ?? id) as Hash,
      { ...view, ...over } as InclusionProofView,
    )
    expect(result).toMatchObject({ ok: false, fault: { code } })
  })
})
