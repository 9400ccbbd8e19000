/** Blocks and searches in words. Pure. */
import type { BlockSummary, BlockView, CertificateView } from '../../../node-core/node/node-api.ts'
import { integer, percent, secondsWords } from '../../i18n/format.ts'

/** "48,217 blocks are decided, and each of them is final." null: not known yet. */
export function latestSentence(head: number | null): string {
  if (head === null) return 'Reading the blocks.'
  if (head === 0) return 'No block is decided yet.'
  return head === 1
    ? 'One block is decided, and it is final.'
    : `${integer(head)} blocks are decided, and each of them is final.`
}

export function latestReason(blocks: readonly BlockSummary[]): string {
  if (blocks.length === 0) return 'This page shows each block as it is decided.'
  const transactions = blocks.reduce((sum, block) => sum + (block.transactionCount ?? 0), 0)
  const carried = blocks.some((block) => block.transactionCount === null)
    ? 'are here as certified headers alone'
    : transactions === 0
      ? 'carried no transaction'
      : `carried ${integer(transactions)} ${transactions === 1 ? 'transaction' : 'transactions'}`
  return `The last ${blocks.length === 1 ? 'one' : integer(blocks.length)} held by this page ${carried}. Search takes a height, a hash or an address.`
}

/** "Block 48,217 was decided in 0.41 seconds, signed by 93.7 % of the power." */
export function blockSentence(
  block: Pick<BlockSummary, 'height' | 'round' | 'decisionMs' | 'signedPower'>,
): string {
  const time = block.decisionMs === null ? 'was decided' : `was decided in ${secondsWords(block.decisionMs)}`
  const round = block.round === 0 ? '' : `, in round ${block.round}`
  return `Block ${integer(block.height)} ${time}${round}, signed by ${percent(block.signedPower)} of the power.`
}

export function blockReason(block: Pick<BlockView, 'transactionCount' | 'decisionMs' | 'ownCommit'>): string {
  const count = block.transactionCount
  const carried =
    count === 0
      ? 'It carries no transaction'
      : `It carries ${integer(count)} ${count === 1 ? 'transaction' : 'transactions'}`
  const lived =
    block.decisionMs === null
      ? '; this tab was not there when it was decided and checked its certificate afterwards'
      : ''
  const own =
    block.ownCommit === null
      ? ''
      : block.ownCommit
        ? '; this tab’s vote is in its certificate'
        : '; this tab’s vote is not in its certificate'
  return `${carried}${own}${lived}.`
}

/** "All nine signed." or who is missing. */
export function certificateReason(certificate: Pick<CertificateView, 'signers' | 'missing'>): string {
  const { signers, missing } = certificate
  const all = signers.length + missing.length
  if (missing.length === 0) return `All ${integer(all)} validators of the set signed.`
  const names = missing.slice(0, 3).map((member) => member.name)
  const rest = missing.length - names.length
  return `${integer(signers.length)} of ${integer(all)} signed; missing: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`
}

export type SearchTarget =
  | { readonly kind: 'height'; readonly to: string }
  | { readonly kind: 'address'; readonly to: string }
  /** A block or a transaction: the node knows which. */
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** What a text names. Heights may have commas. */
export function searchTarget(text: string): SearchTarget {
  const wanted = text.trim().toLowerCase()
  const digits = wanted.replace(/[,\s#]/g, '')
  if (/^\d{1,15}$/.test(digits) && Number(digits) > 0)
    return { kind: 'height', to: `/explorer/block/${Number(digits)}` }
  if (/^(0x)?[0-9a-f]{64}$/.test(wanted))
    return { kind: 'hash', hash: wanted.startsWith('0x') ? wanted : `0x${wanted}` }
  if (/^ait1[0-9a-z]{38}$/.test(wanted)) return { kind: 'address', to: `/explorer/account/${wanted}` }
  return {
    kind: 'unknown',
    words:
      'A height is a number, a hash is 0x and 64 digits, an address begins with ait1 and has 42 characters',
  }
}
