/** For tests: fast-check generators of every kind of value that has a wire format. */
import fc from 'fast-check'
import { toHex } from '../lib/bytes.ts'
import type { Block, Body, Header } from './block.ts'
import type { Certificate } from './certificate.ts'
import { MAX_NAME_BYTES } from './constants.ts'
import type { Decided, DecidedBlock } from './decided.ts'
import type { Address, Hash } from './ids.ts'
import type {
  Commit,
  CompactBlock,
  ConsensusMessage,
  PrePrepare,
  Prepare,
  Reject,
  RoundChange,
} from './messages.ts'
import type { PasskeySignature } from './passkey-signature.ts'
import type { Receipt } from './receipt.ts'
import type { Payload, ProposablePayload, SinglePayload, Transaction } from './transaction.ts'
import type { Validator, ValidatorSet } from './validator-set.ts'

export function bytesOf(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length })
}

const bytesUpTo = (maxLength: number) => fc.uint8Array({ maxLength })
export const hashes = bytesOf(32).map((bytes) => toHex(bytes) as Hash)
export const addresses = bytesOf(20).map((bytes) => toHex(bytes) as Address)
export const amounts = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const safeIntegers = fc.maxSafeNat()
const millionths = fc.integer({ min: 0, max: 1_000_000 })
const rounds = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const signatures = bytesOf(64)

/** Well-formed text of at most `limitBytes` of UTF-8, any characters. */
export function textUpTo(limitBytes: number): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', maxLength: Math.floor(limitBytes / 4) })
}

const names = textUpTo(MAX_NAME_BYTES)
const chainIds = textUpTo(32)

const possession = {
  validatorKey: bytesOf(32),
  randomnessKey: bytesOf(32),
  validatorKeyProof: signatures,
  randomnessKeyProof: bytesOf(80),
}
const kind = <T extends string>(type: T) => fc.constant(type)
const stakeMoves = fc.constantFrom('stake.delegate' as const, 'stake.undelegate' as const)
const admissions = fc.constantFrom('validator.admit' as const, 'validator.expel' as const)
const proposalActs = fc.constantFrom(
  'multisig.approve' as const,
  'multisig.revoke' as const,
  'multisig.execute' as const,
)

export const proposablePayloads: fc.Arbitrary<ProposablePayload> = fc.oneof(
  fc.record({ type: kind('transfer'), to: addresses, amount: amounts }),
  fc.constantFrom<ProposablePayload>(
    { type: 'validator.ready' },
    { type: 'validator.pause' },
    { type: 'validator.resume' },
    { type: 'validator.exit' },
    { type: 'validator.unjail' },
  ),
  fc.record({
    type: kind('validator.register'),
    ...possession,
    stake: amounts,
    commission: millionths,
    name: names,
  }),
  fc.record({ type: kind('validator.rotateKey'), ...possession }),
  fc.record({ type: kind('validator.update'), name: names, commission: millionths }),
  fc.record({ type: admissions, validator: addresses }),
  fc.record({ type: stakeMoves, validator: addresses, amount: amounts }),
  fc.record({ type: kind('stake.redelegate'), from: addresses, to: addresses, amount: amounts }),
  fc.record({ type: kind('stake.withdraw'), position: safeIntegers }),
  fc.record({ type: kind('stake.claimRewards'), validator: addresses }),
  fc.record({ type: kind('stake.compound'), validator: addresses, enabled: fc.boolean() }),
)

export const singlePayloads: fc.Arbitrary<SinglePayload> = fc.oneof(
  { weight: 4, arbitrary: proposablePayloads },
  fc.constant<SinglePayload>({ type: 'faucet.drip' }),
  fc.record({
    type: kind('multisig.create'),
    threshold: fc.integer({ min: 0, max: 255 }),
    members: fc.array(addresses, { maxLength: 16 }),
  }),
  fc.record({
    type: kind('multisig.propose'),
    account: addresses,
    payload: proposablePayloads,
    expiresAtHeight: safeIntegers,
  }),
  fc.record({ type: proposalActs, account: addresses, proposal: safeIntegers }),
)

export const passkeySignatures: fc.Arbitrary<PasskeySignature> = fc.record({
  authenticatorData: bytesUpTo(256),
  clientDataJson: bytesUpTo(640),
  signature: signatures,
})

const payloads: fc.Arbitrary<Payload> = fc.oneof(
  { weight: 4, arbitrary: singlePayloads },
  fc.record({ type: kind('batch'), payloads: fc.array(singlePayloads, { maxLength: 5 }) }),
  fc.record({ type: kind('evidence.submit'), proof: bytesUpTo(200) }),
)

export const transactions: fc.Arbitrary<Transaction> = fc.record({
  chainId: chainIds,
  sender: addresses,
  nonce: safeIntegers,
  gasLimit: safeIntegers,
  maxFeePerGas: amounts,
  maxPriorityFeePerGas: amounts,
  validUntilHeight: safeIntegers,
  payload: payloads,
  signature: fc.record({
    scheme: fc.integer({ min: 0, max: 255 }),
    publicKey: bytesUpTo(128),
    bytes: bytesUpTo(128),
  }),
})

export const headers: fc.Arbitrary<Header> = fc.record({
  version: rounds,
  chainId: chainIds,
  height: safeIntegers,
  parentId: hashes,
  timestampMs: safeIntegers,
  proposer: addresses,
  validatorsHash: hashes,
  nextValidatorsHash: hashes,
  transactionsRoot: hashes,
  receiptsRoot: hashes,
  stateRoot: hashes,
  evidenceRoot: hashes,
  lastCertificateHash: hashes,
  gasUsed: safeIntegers,
  gasLimit: safeIntegers,
  baseFeePerGas: amounts,
  randomnessReveal: bytesOf(80),
  randomness: hashes,
})

export const certificates: fc.Arbitrary<Certificate> = fc.record({
  scheme: fc.constant(0),
  height: safeIntegers,
  round: rounds,
  blockId: hashes,
  validatorsHash: hashes,
  bitmap: bytesUpTo(8),
  signatures: fc.array(signatures, { maxLength: 4 }),
})

const parentCertificates = fc.option(certificates)
const evidence = fc.array(bytesUpTo(40), { maxLength: 3 })
const transactionIds = fc.array(hashes, { maxLength: 4 })

export const bodies: fc.Arbitrary<Body> = fc.record({
  transactions: fc.array(transactions, { maxLength: 3 }),
  evidence,
  parentCertificate: parentCertificates,
})

export const blocks: fc.Arbitrary<Block> = fc.record({ header: headers, body: bodies })

export const compactBlocks: fc.Arbitrary<CompactBlock> = fc.record({
  header: headers,
  transactionIds,
  evidence,
  parentCertificate: parentCertificates,
})

export const decidedBlocks: fc.Arbitrary<DecidedBlock> = fc.record({
  block: blocks,
  certificate: certificates,
})

export const decisions: fc.Arbitrary<Decided> = fc.record({
  header: headers,
  certificate: certificates,
  transactionIds,
  evidence,
  parentCertificate: parentCertificates,
})

const signed = { height: safeIntegers, round: rounds, sender: addresses, signature: signatures }

export const prepares: fc.Arbitrary<Prepare> = fc.record({
  type: fc.constant('prepare' as const),
  ...signed,
  blockId: hashes,
})
export const commits: fc.Arbitrary<Commit> = fc.record({
  type: fc.constant('commit' as const),
  ...signed,
  blockId: hashes,
})

export const roundChanges: fc.Arbitrary<RoundChange> = fc.record({
  type: fc.constant('round-change' as const),
  ...signed,
  prepared: fc.option(fc.record({ round: rounds, blockId: hashes })),
  preparedCertificate: fc.array(prepares, { maxLength: 3 }),
})

export const prePrepares: fc.Arbitrary<PrePrepare> = fc.record({
  type: fc.constant('pre-prepare' as const),
  ...signed,
  blockId: hashes,
  block: compactBlocks,
  justification: fc.array(roundChanges, { maxLength: 3 }),
})

export const rejects: fc.Arbitrary<Reject> = fc.record({
  type: fc.constant('reject' as const),
  ...signed,
  blockId: hashes,
  code: textUpTo(64),
})

export const consensusMessages: fc.Arbitrary<ConsensusMessage> = fc.oneof(
  prepares,
  commits,
  roundChanges,
  prePrepares,
  rejects,
)

export const receipts: fc.Arbitrary<Receipt> = fc.record({
  code: textUpTo(64),
  data: fc.dictionary(textUpTo(32), textUpTo(256), { maxKeys: 4 }),
  gasUsed: safeIntegers,
  feePaid: amounts,
})

const validators: fc.Arbitrary<Validator> = fc.record({
  address: addresses,
  validatorKey: bytesOf(32),
  randomnessKey: bytesOf(32),
  power: fc.bigInt({ min: 1n, max: 2n ** 54n }),
  weight: fc.bigInt({ min: 1n, max: 2n ** 100n }),
  priority: fc.bigInt({ min: -(2n ** 120n), max: 2n ** 120n }),
})

export const validatorSets: fc.Arbitrary<ValidatorSet> = fc
  .record({
    epoch: safeIntegers,
    firstHeight: fc.integer({ min: 1, max: 2 ** 40 }),
    blocks: fc.integer({ min: 1, max: 1_000 }),
    members: fc.uniqueArray(validators, {
      selector: (validator) => validator.address,
      minLength: 1,
      maxLength: 12,
    }),
  })
  .map(({ epoch, firstHeight, blocks: count, members }) => ({
    epoch,
    firstHeight,
    lastHeight: firstHeight + count - 1,
    members: members.toSorted((a, b) => (a.address < b.address ? -1 : 1)),
    totalPower: members.reduce((sum, member) => sum + member.power, 0n),
  }))
