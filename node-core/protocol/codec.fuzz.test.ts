/** Every wire format against bent real messages. A decoder answers with a code or with a value that has these very bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import * as arbitrary from './arbitraries.ts'
import type { Decoded } from './codec.ts'
import * as block from './codec-block.ts'
import { decodeCertificate, encodeCertificate } from './codec-certificate.ts'
import * as message from './codec-messages.ts'
import { decodeReceipt, encodeReceipt } from './codec-receipt.ts'
import * as transaction from './codec-transaction.ts'
import { decodeValidatorSet, encodeValidatorSet } from './codec-validator-set.ts'
import * as limit from './constants.ts'
import type { Prepare } from './messages.ts'
import type { Transaction } from './transaction.ts'

const RUNS = fuzzRuns(400)
/** A decoder that took longer for its largest input would hold up a node, ms. */
const SLOWEST_MS = 2_000
const CODES = ['malformed', 'too-large', 'non-canonical', 'unknown-type']

interface Format<T> {
  readonly values: fc.Arbitrary<T>
  readonly encode: (value: T) => Uint8Array
  readonly decode: (bytes: Uint8Array) => Decoded<T>
  readonly maxBytes: number
}

function format<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => Decoded<T>,
  maxBytes: number,
): Format<unknown> {
  return { values, encode, decode, maxBytes } as unknown as Format<unknown>
}

const FORMATS: Readonly<Record<string, Format<unknown>>> = {
  transaction: format(
    arbitrary.transactions,
    transaction.encodeTransaction,
    transaction.decodeTransaction,
    limit.MAX_TRANSACTION_BYTES,
  ),
  transactions: format(
    fc.array(arbitrary.transactions, { maxLength: 3 }) as fc.Arbitrary<readonly Transaction[]>,
    transaction.encodeTransactions,
    transaction.decodeTransactions,
    limit.MAX_TRANSACTIONS_BYTES,
  ),
  header: format(arbitrary.headers, block.encodeHeader, block.decodeHeader, limit.MAX_HEADER_BYTES),
  body: format(arbitrary.bodies, block.encodeBody, block.decodeBody, limit.MAX_BLOCK_BYTES),
  block: format(arbitrary.blocks, block.encodeBlock, block.decodeBlock, limit.MAX_BLOCK_BYTES),
  'compact block': format(
    arbitrary.compactBlocks,
    block.encodeCompactBlock,
    block.decodeCompactBlock,
    limit.MAX_COMPACT_BLOCK_BYTES,
  ),
  'decided block': format(
    arbitrary.decidedBlocks,
    block.encodeDecidedBlock,
    block.decodeDecidedBlock,
    limit.MAX_DECIDED_BLOCK_BYTES,
  ),
  decided: format(arbitrary.decisions, block.encodeDecided, block.decodeDecided, limit.MAX_DECIDED_BYTES),
  certificate: format(
    arbitrary.certificates,
    encodeCertificate,
    decodeCertificate,
    limit.MAX_CERTIFICATE_BYTES,
  ),
  'consensus message': format(
    arbitrary.consensusMessages,
    message.encodeConsensusMessage,
    message.decodeConsensusMessage,
    limit.MAX_CONSENSUS_MESSAGE_BYTES,
  ),
  prepares: format(
    fc.array(arbitrary.prepares, { maxLength: 4 }) as fc.Arbitrary<readonly Prepare[]>,
    message.encodePrepares,
    message.decodePrepares,
    limit.MAX_CONSENSUS_MESSAGE_BYTES,
  ),
  'validator set': format(
    arbitrary.validatorSets,
    encodeValidatorSet,
    decodeValidatorSet,
    limit.MAX_VALIDATOR_SET_BYTES,
  ),
  receipt: format(arbitrary.receipts, encodeReceipt, decodeReceipt, limit.MAX_RECEIPT_BYTES),
}

function answers({ decode, encode }: Format<unknown>, bytes: Uint8Array): void {
  const decoded = decode(bytes)
  if (decoded.ok) expect(encode(decoded.value)).toEqual(bytes)
  else expect(CODES).toContain(decoded.code)
}

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  const { values, encode, decode, maxBytes } = format

  it('answers to bent messages: a code, or a value with these very bytes', () => {
    fc.assert(
      fc.property(hostileBytes(values.map(encode)), (bytes) => answers(format, bytes)),
      { numRuns: RUNS },
    )
  })

  it('reads no more than there is, whatever the lengths say, and does not take long', () => {
    const [real] = fc.sample(values.map(encode), { numRuns: 1, seed: 11 })
    const fills = [0x00, 0x04, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(maxBytes).fill(byte))
    const padded = new Uint8Array(maxBytes)
    padded.set(real!.subarray(0, maxBytes))
    for (const bytes of [...fills, padded, ...lengthLies(real!)]) {
      const startedMs = performance.now()
      decode(bytes)
      expect(performance.now() - startedMs).toBeLessThan(SLOWEST_MS)
    }
  })
})

/** The message with every aligned place that may hold a length or an offset made as large as it goes. */
function lengthLies(real: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.min(64, real.length >> 2) }, (_, i) => {
    const lie = real.slice()
    new DataView(lie.buffer).setUint32(4 * i, 0xffff_ffff, true)
    return lie
  })
}
