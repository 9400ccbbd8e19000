/** Every wire format with values, its two directions and its limit, for the tests that go through all of them. */
import fc from 'fast-check'
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
import { decodePasskeySignature, encodePasskeySignature } from './passkey-signature.ts'
import type { Transaction } from './transaction.ts'

export interface Format<T> {
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

export const FORMATS: Readonly<Record<string, Format<unknown>>> = {
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
  'passkey signature': format(
    arbitrary.passkeySignatures,
    encodePasskeySignature,
    decodePasskeySignature,
    limit.MAX_TRANSACTION_SIGNATURE_BYTES,
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
