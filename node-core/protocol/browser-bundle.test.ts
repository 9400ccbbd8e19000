import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { BUILD_TIMEOUT_MS, browserScript, inBrowser } from '../lib/browser-script.test-kit.ts'
import { blocks, compactBlocks, prePrepares, receipts, transactions, validatorSets } from './arbitraries.ts'
import { encodeBlock, encodeCompactBlock } from './codec-block.ts'
import { encodeConsensusMessage } from './codec-messages.ts'
import { encodeReceipt } from './codec-receipt.ts'
import { encodeTransaction } from './codec-transaction.ts'
import { encodeValidatorSet } from './codec-validator-set.ts'
import { transactionId, validatorsHash } from './hash.ts'

/** Bytes of script, compressed, that the wire formats and hashes may cost a page's worker. */
const MAX_COMPRESSED_BYTES = 40_000

const HERE = import.meta.dirname
const SOURCE = `
import * as block from '${HERE}/codec-block.ts'
import * as messages from '${HERE}/codec-messages.ts'
import * as receipt from '${HERE}/codec-receipt.ts'
import * as transaction from '${HERE}/codec-transaction.ts'
import * as set from '${HERE}/codec-validator-set.ts'
import * as hash from '${HERE}/hash.ts'
import { formatAddress } from '${HERE}/address.ts'
import { toHex } from '${path.resolve(HERE, '../lib/bytes.ts')}'
globalThis.wire = { ...block, ...messages, ...receipt, ...transaction, ...set, ...hash, formatAddress, toHex }
`

let script = ''

beforeAll(async () => {
  script = (await browserScript(SOURCE)).code
}, BUILD_TIMEOUT_MS)

describe('in a browser, without anything of Node', () => {
  it('is small', () => {
    expect(gzipSync(script).length).toBeLessThan(MAX_COMPRESSED_BYTES)
  })

  it.each([
    ['Transaction', transactions.map(encodeTransaction)],
    ['Block', blocks.map(encodeBlock)],
    ['CompactBlock', compactBlocks.map(encodeCompactBlock)],
    ['ConsensusMessage', prePrepares.map(encodeConsensusMessage)],
    ['ValidatorSet', validatorSets.map(encodeValidatorSet)],
    ['Receipt', receipts.map(encodeReceipt)],
  ])('reads and writes: %s', (name, encodings) => {
    const evaluate = inBrowser(script)
    expect(evaluate('typeof Buffer + typeof process')).toBe('undefinedundefined')
    fc.assert(
      fc.property(encodings, (bytes) => {
        const again = evaluate(`wire.toHex(wire.encode${name}(wire.decode${name}(bytes).value))`, { bytes })
        expect(again).toBe(`0x${Buffer.from(bytes).toString('hex')}`)
      }),
      { numRuns: 20 },
    )
  })

  it('comes to the same ids', () => {
    const evaluate = inBrowser(script)
    fc.assert(
      fc.property(transactions, validatorSets, (transaction, set) => {
        const id = evaluate('wire.transactionId(wire.decodeTransaction(bytes).value)', {
          bytes: encodeTransaction(transaction),
        })
        expect(id).toBe(transactionId(transaction))
        const hash = evaluate('wire.validatorsHash(wire.decodeValidatorSet(bytes).value)', {
          bytes: encodeValidatorSet(set),
        })
        expect(hash).toBe(validatorsHash(set))
      }),
      { numRuns: 20 },
    )
  })
})
