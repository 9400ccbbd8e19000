/** What light clients verify, as canonical bytes in hex. */
import { toHex } from '../../lib/bytes.ts'
import { proveListItem } from '../../light/list-proof.ts'
import type { Header } from '../../protocol/block.ts'
import type { Certificate } from '../../protocol/certificate.ts'
import { encodeHeader } from '../../protocol/codec-block.ts'
import { encodeCertificate } from '../../protocol/codec-certificate.ts'
import { encodeReceipt } from '../../protocol/codec-receipt.ts'
import { encodeTransaction } from '../../protocol/codec-transaction.ts'
import { encodeValidatorSet } from '../../protocol/codec-validator-set.ts'
import { hashBytes, transactionId } from '../../protocol/hash.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import type { Place } from '../history-index.ts'
import type { CertificateView, InclusionView } from '../node-api.ts'
import type { StoredBlock } from '../repositories.ts'

export function canonicalView(
  header: Header,
  certificate: Certificate,
  set: ValidatorSet,
): NonNullable<CertificateView['canonical']> {
  return {
    header: toHex(encodeHeader(header)),
    certificate: toHex(encodeCertificate(certificate)),
    validators: toHex(encodeValidatorSet(set)),
  }
}

export function inclusionView({ block, receipts }: StoredBlock, { index }: Place): InclusionView {
  const { transactions } = block.body
  const ids = transactions.map((transaction) => hashBytes(transactionId(transaction)))
  const encoded = receipts.map(encodeReceipt)
  const inTransactions = proveListItem(ids, index)
  return {
    transaction: toHex(encodeTransaction(transactions[index]!)),
    receipt: toHex(encoded[index]!),
    index,
    count: inTransactions.count,
    transactionSiblings: inTransactions.siblings,
    receiptSiblings: proveListItem(encoded, index).siblings,
  }
}
