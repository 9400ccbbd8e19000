/** Canonical bytes of transactions. */
import { assert } from '../lib/assert.ts'
import { type Decoded, decodeWith } from './codec.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_BATCH_PAYLOADS,
  MAX_BLOCK_TRANSACTIONS,
  MAX_CHAIN_ID_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_MULTISIG_MEMBERS,
  MAX_NAME_BYTES,
  MAX_PUBLIC_KEY_BYTES,
  MAX_TRANSACTION_BYTES,
  MAX_TRANSACTION_SIGNATURE_BYTES,
  MAX_TRANSACTIONS_BYTES,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
  VRF_PROOF_BYTES,
} from './constants.ts'
import { container, flag, list, mapped, RememberingType, tagged, union } from './ssz-composites.ts'
import { address, byteList, bytes, safeUint, text, uint8, uint32, uint64 } from './ssz-scalars.ts'
import type {
  BatchPayload,
  EvidenceSubmit,
  Payload,
  ProposablePayload,
  Signature,
  SinglePayload,
  Transaction,
  UnsignedTransaction,
} from './transaction.ts'

type Single<T extends SinglePayload['type']> = Extract<SinglePayload, { type: T }>

const name = text(MAX_NAME_BYTES)

const possession = {
  validatorKey: bytes(VALIDATOR_KEY_BYTES),
  randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
  validatorKeyProof: bytes(ED25519_SIGNATURE_BYTES),
  randomnessKeyProof: bytes(VRF_PROOF_BYTES),
}

/** Numbers are part of the format: never reused. 1 is the batch. */
const proposableAlternatives = {
  2: tagged<Single<'transfer'>>('transfer', { to: address, amount: uint64 }),
  16: tagged<Single<'validator.register'>>('validator.register', {
    ...possession,
    stake: uint64,
    commission: uint32,
    name,
  }),
  17: tagged<Single<'validator.ready'>>('validator.ready', null),
  18: tagged<Single<'validator.update'>>('validator.update', { name, commission: uint32 }),
  19: tagged<Single<'validator.pause'>>('validator.pause', null),
  20: tagged<Single<'validator.resume'>>('validator.resume', null),
  21: tagged<Single<'validator.exit'>>('validator.exit', null),
  22: tagged<Single<'validator.unjail'>>('validator.unjail', null),
  23: tagged<Single<'validator.rotateKey'>>('validator.rotateKey', possession),
  24: tagged<Single<'validator.admit'>>('validator.admit', { validator: address }),
  25: tagged<Single<'validator.expel'>>('validator.expel', { validator: address }),
  32: tagged<Single<'stake.delegate'>>('stake.delegate', { validator: address, amount: uint64 }),
  33: tagged<Single<'stake.undelegate'>>('stake.undelegate', { validator: address, amount: uint64 }),
  34: tagged<Single<'stake.redelegate'>>('stake.redelegate', { from: address, to: address, amount: uint64 }),
  35: tagged<Single<'stake.withdraw'>>('stake.withdraw', { position: safeUint }),
  36: tagged<Single<'stake.claimRewards'>>('stake.claimRewards', { validator: address }),
  37: tagged<Single<'stake.compound'>>('stake.compound', { validator: address, enabled: flag }),
}

/** What a multisig proposal keeps in the state. */
export const proposablePayloadType = union<ProposablePayload>(proposableAlternatives)

const proposal = { account: address, proposal: safeUint }

const singleAlternatives = {
  ...proposableAlternatives,
  3: tagged<Single<'faucet.drip'>>('faucet.drip', null),
  48: tagged<Single<'multisig.create'>>('multisig.create', {
    threshold: uint8,
    members: list(address, MAX_MULTISIG_MEMBERS),
  }),
  49: tagged<Single<'multisig.propose'>>('multisig.propose', {
    account: address,
    payload: proposablePayloadType,
    expiresAtHeight: safeUint,
  }),
  50: tagged<Single<'multisig.approve'>>('multisig.approve', proposal),
  51: tagged<Single<'multisig.revoke'>>('multisig.revoke', proposal),
  52: tagged<Single<'multisig.execute'>>('multisig.execute', proposal),
}

const singlePayload = union<SinglePayload>(singleAlternatives)

const payload = union<Payload>({
  1: tagged<BatchPayload>('batch', { payloads: list(singlePayload, MAX_BATCH_PAYLOADS) }),
  4: tagged<EvidenceSubmit>('evidence.submit', { proof: byteList(MAX_EVIDENCE_BYTES) }),
  ...singleAlternatives,
})

/** Bytes of a payload inside its transaction: what gas by size counts. */
export function payloadSize(of: ProposablePayload): number {
  return proposablePayloadType.serialize(of).length
}

const unsignedTransaction = container<UnsignedTransaction>({
  chainId: text(MAX_CHAIN_ID_BYTES),
  sender: address,
  nonce: safeUint,
  gasLimit: safeUint,
  maxFeePerGas: uint64,
  maxPriorityFeePerGas: uint64,
  validUntilHeight: safeUint,
  payload,
})

/** The signed part and the signature stand apart, so that the first is the same bytes with and without the second. */
interface SignedParts {
  readonly unsigned: UnsignedTransaction
  readonly signature: Signature
}

const signedParts = container<SignedParts>({
  unsigned: unsignedTransaction,
  signature: container<Signature>({
    scheme: uint8,
    publicKey: byteList(MAX_PUBLIC_KEY_BYTES),
    bytes: byteList(MAX_TRANSACTION_SIGNATURE_BYTES),
  }),
})

/** For containers of transactions: codec-block.ts. */
export const transactionType = new RememberingType(
  mapped<Transaction, SignedParts>(
    signedParts,
    (transaction) => ({ unsigned: transaction, signature: transaction.signature }),
    ({ unsigned, signature }) => ({ ...unsigned, signature }),
  ),
)

const transactionListType = list(transactionType, MAX_BLOCK_TRANSACTIONS)

/** What the id and the signature are over. */
export function encodeUnsignedTransaction(transaction: UnsignedTransaction): Uint8Array {
  return unsignedTransaction.serialize(transaction)
}

export function encodeTransaction(transaction: Transaction): Uint8Array {
  return transactionType.serialize(transaction)
}

/**
 * The canonical bytes of this very transaction, as they were received: it is encoded again for the signing record, for storage
 * and for peers, and then they are copied.
 */
export function rememberEncoding(transaction: Transaction, bytes: Uint8Array): void {
  transactionType.remember(transaction, bytes)
}

/** In the canonical bytes of a transaction those that encodeUnsignedTransaction makes: behind two offsets, up to the second. */
export function unsignedPart(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.subarray(view.getUint32(0, true), view.getUint32(4, true))
}

/** Lengths of key and signature are judged with their scheme, by who verifies them. */
export function decodeTransaction(bytes: Uint8Array): Decoded<Transaction> {
  return decodeWith(transactionType, bytes, MAX_TRANSACTION_BYTES)
}

/** Many in one message. */
export function encodeTransactions(transactions: readonly Transaction[]): Uint8Array {
  return transactionListType.serialize(transactions)
}

export function decodeTransactions(bytes: Uint8Array): Decoded<readonly Transaction[]> {
  return decodeWith(transactionListType, bytes, MAX_TRANSACTIONS_BYTES)
}

assert(payload.maxSize < MAX_TRANSACTION_BYTES, 'a full batch fits in a transaction')
