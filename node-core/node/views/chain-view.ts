/** Blocks, transactions, accounts, certificates and proofs as views. */
import { fromHex, toHex } from '../../lib/bytes.ts'
import type { LightBlock } from '../../light/light-block.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Header } from '../../protocol/block.ts'
import type { Certificate } from '../../protocol/certificate.ts'
import { encodeTransaction } from '../../protocol/codec-transaction.ts'
import { blockId, transactionId } from '../../protocol/hash.ts'
import type { Address, Hash, Height } from '../../protocol/ids.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { Transaction } from '../../protocol/transaction.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import { accountKey, multisigKey, validatorKey } from '../../state/keys.ts'
import { stakeOf } from '../../state/records.ts'
import { epochOf } from '../../state/validator-sets.ts'
import type { Place } from '../history-index.ts'
import type { LiveNode } from '../live-node.ts'
import type {
  AccountView,
  BlockSummary,
  BlockView,
  CertificateView,
  HeaderView,
  ProofView,
  ReceiptView,
  TransactionView,
} from '../node-api.ts'
import type { StoredBlock } from '../repositories.ts'
import { hasSigned, signedPower } from '../signed-power.ts'
import { canonicalView } from './light-view.ts'
import { payloadView } from './payload-view.ts'
import { unbondingsOf } from './stake-view.ts'
import { millionths, nameOf } from './view-words.ts'

export function headerView(header: Header, proposerName: string): HeaderView {
  return {
    height: header.height,
    blockId: blockId(header),
    parentId: header.parentId,
    timestampMs: header.timestampMs,
    proposer: formatAddress(header.proposer),
    proposerName,
    validatorsHash: header.validatorsHash,
    nextValidatorsHash: header.nextValidatorsHash,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    stateRoot: header.stateRoot,
    gasUsed: header.gasUsed,
    gasLimit: header.gasLimit,
    baseFeePerGas: String(header.baseFeePerGas),
    randomness: header.randomness,
  }
}

export function blockSummary(node: LiveNode, stored: StoredBlock): BlockSummary {
  const { block, certificate, observation } = stored
  return {
    ...headerView(block.header, nameOf(node, block.header.proposer)),
    round: certificate.round,
    epoch: epochOf(block.header.height, node.chain.parameters),
    transactionCount: block.body.transactions.length,
    decisionMs: observation.decisionMs,
    ownCommit: observation.ownCommit,
    signedPower: observation.signedPower,
  }
}

export function blockView(node: LiveNode, stored: StoredBlock): BlockView {
  const { height } = stored.block.header
  const transactions = stored.block.body.transactions.map((_, index) =>
    includedTransaction(stored, { height, index }),
  )
  return { ...blockSummary(node, stored), transactionCount: transactions.length, transactions }
}

export function includedTransaction(stored: StoredBlock, place: Place): TransactionView {
  const transaction = stored.block.body.transactions[place.index]!
  return decidedTransaction(transaction, stored.receipts[place.index]!, stored.block.header, place.index)
}

export function decidedTransaction(
  transaction: Transaction,
  receipt: Receipt,
  { height, timestampMs }: Header,
  index: number,
): TransactionView {
  return {
    ...transactionFields(transaction),
    status: receipt.code === 'ok' ? 'succeeded' : 'failed',
    height,
    index,
    timestampMs,
    receipt: receiptView(receipt),
  }
}

export function pendingTransaction(transaction: Transaction, addedAtMs: number): TransactionView {
  return {
    ...transactionFields(transaction),
    status: 'pending',
    height: null,
    index: null,
    timestampMs: addedAtMs,
    receipt: null,
  }
}

export function droppedTransaction(
  transaction: Transaction,
  code: string,
  data: Readonly<Record<string, unknown>>,
): TransactionView {
  const receipt = { code, data, gasUsed: 0, feePaid: '0' }
  return {
    ...transactionFields(transaction),
    status: 'dropped',
    height: null,
    index: null,
    timestampMs: null,
    receipt,
  }
}

function transactionFields(transaction: Transaction) {
  return {
    hash: transactionId(transaction),
    sender: formatAddress(transaction.sender),
    nonce: transaction.nonce,
    gasLimit: transaction.gasLimit,
    maxFeePerGas: String(transaction.maxFeePerGas),
    maxPriorityFeePerGas: String(transaction.maxPriorityFeePerGas),
    validUntilHeight: transaction.validUntilHeight,
    payload: payloadView(transaction.payload),
    bytes: encodeTransaction(transaction).length,
  }
}

function receiptView(receipt: Receipt): ReceiptView {
  return {
    code: receipt.code,
    data: receipt.data,
    gasUsed: receipt.gasUsed,
    feePaid: String(receipt.feePaid),
  }
}

/** Loads each block once, however many of its transactions are asked for. */
export async function transactionsAt(node: LiveNode, places: readonly Place[]): Promise<TransactionView[]> {
  const blocks = new Map<Height, StoredBlock | null>()
  for (const { height } of places) if (!blocks.has(height)) blocks.set(height, await node.chain.load(height))
  return places.flatMap((place) => {
    const stored = blocks.get(place.height)
    return stored ? [includedTransaction(stored, place)] : []
  })
}

export async function accountView(
  node: LiveNode,
  address: Address,
  historyLimit: number,
): Promise<AccountView> {
  const { state } = node.chain
  const account = state.get(accountKey(address))
  const validator = state.get(validatorKey(address))
  const multisig = state.get(multisigKey(address))
  return {
    address: formatAddress(address),
    balance: String(account?.balance ?? 0n),
    nonce: account?.nonce ?? 0,
    stake: String(validator ? stakeOf(validator) : 0n),
    unbonding: unbondingsOf(state, address, node.chain.parameters),
    multisig: multisig && { threshold: multisig.threshold, members: multisig.members.map(formatAddress) },
    isValidator: validator !== null,
    height: node.chain.height,
    history: await transactionsAt(node, node.history.ofAccount(address, historyLimit)),
  }
}

export function proofView(
  node: LiveNode,
  address: Address,
  record: 'account' | 'validator' = 'account',
): ProofView | null {
  const { head, state } = node.chain
  if (!head) return null
  const { key, proof } = state.prove(record === 'account' ? accountKey(address) : validatorKey(address))
  return {
    height: head.header.height,
    blockId: head.id,
    stateRoot: head.header.stateRoot,
    key: toHex(key),
    value: proof.value && toHex(proof.value),
    leaf: proof.leaf && { key: toHex(proof.leaf.key), valueHash: toHex(proof.leaf.valueHash) },
    siblings: proof.siblings.map(toHex),
  }
}

export async function certificateView(
  node: LiveNode,
  height: Height,
  canonical: boolean,
): Promise<CertificateView | null> {
  const kept = await node.chain.loadHeader(height)
  const set = kept && (await node.chain.loadSetAt(height))
  if (!kept || !set) return null
  const certificate = await fullestCertificate(node, kept.certificate, height)
  return certifiedView(
    { header: kept.header, certificate, set },
    (address) => nameOf(node, address),
    canonical,
  )
}

export function certifiedView(
  { header, certificate, set }: Omit<LightBlock, 'id'>,
  names: (validator: Address) => string,
  canonical: boolean,
): CertificateView {
  const members = set.members.map((member, i) => ({ member, signed: hasSigned(certificate, i) }))
  const entry = (member: ValidatorSet['members'][number]) => ({
    address: formatAddress(member.address),
    name: names(member.address),
    power: millionths(member.power, set.totalPower),
  })
  return {
    height: header.height,
    round: certificate.round,
    blockId: certificate.blockId,
    validatorsHash: certificate.validatorsHash,
    scheme: certificate.scheme,
    signers: members
      .filter(({ signed }) => signed)
      .map(({ member }, i) => ({ ...entry(member), signature: toHex(certificate.signatures[i]!) })),
    missing: members.filter(({ signed }) => !signed).map(({ member }) => entry(member)),
    signedPower: signedPower(set, certificate),
    ...(canonical ? { canonical: canonicalView(header, certificate, set) } : {}),
  }
}

/** The next block carries the same certificate with the COMMITs that came late. */
async function fullestCertificate(node: LiveNode, certificate: Certificate, height: Height) {
  const next = height < node.chain.height ? await node.chain.load(height + 1) : null
  return next?.block.body.parentCertificate ?? certificate
}

export function readHash(text: string): Hash | null {
  return fromHex(text, 32) && (text.toLowerCase() as Hash)
}
