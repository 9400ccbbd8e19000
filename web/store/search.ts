/** What a text in the search field may mean, from what the page holds; exact ids are asked of the node. */
import type { NodeApi, PeerView, TransactionView } from '../../node-core/node/node-api.ts'
import { integer } from '../i18n/format.ts'
import { formingFraction } from './derive.ts'
import type { NodeState } from './node-store.ts'

export interface Found {
  readonly key: string
  readonly kind: 'height' | 'transaction' | 'account' | 'validator' | 'peer' | 'block'
  readonly words: string
  /** Words in mono. */
  readonly id: boolean
  /** Path to open. */
  readonly to: string
  /** Address behind it, for its flag. */
  readonly address?: string
  /** Of blocks: how much of the disc is lit, 0 to 1. */
  readonly share?: number
  /** Said at the right: the type, and one figure or state. */
  readonly detail: {
    readonly forming?: true
    readonly atMs?: number
    readonly balance?: string
    readonly state?: string
  }
}

const EACH = 4
const HASH = /^0x[0-9a-f]{64}$/i
const ADDRESS = /^ait1[0-9a-z]{20,}$/i

/** Matches in what is held, at most a few of each kind. */
export function searchHeld(text: string, state: NodeState): readonly Found[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const digits = wanted.replace(/[,\s#]/g, '')
  return [
    ...(/^\d+$/.test(digits) ? heights(digits, state) : []),
    ...validators(wanted, state),
    ...peers(wanted, state.peers ?? []),
    ...transactions(wanted, state.transactions),
  ]
}

function heights(digits: string, state: NodeState): readonly Found[] {
  const forming = state.consensus
  const found: Found[] = []
  if (forming !== null && String(forming.height).startsWith(digits))
    found.push({
      key: `height ${forming.height}`,
      kind: 'height',
      words: integer(forming.height),
      id: false,
      to: '/consensus',
      share: formingFraction(forming),
      detail: { forming: true },
    })
  const newest = state.blocks.at(-1)?.height ?? 0
  const exact = Number(digits)
  const held = state.blocks.toReversed().filter((block) => String(block.height).startsWith(digits))
  for (const block of held.slice(0, EACH))
    found.push({
      key: `height ${block.height}`,
      kind: 'height',
      words: integer(block.height),
      id: false,
      to: `/explorer/block/${block.height}`,
      share: 1,
      detail: { atMs: block.timestampMs },
    })
  if (exact > 0 && exact <= newest && !found.some((item) => item.key === `height ${exact}`))
    found.push({
      key: `height ${exact}`,
      kind: 'height',
      words: integer(exact),
      id: false,
      to: `/explorer/block/${exact}`,
      share: 1,
      detail: {},
    })
  return found
}

function validators(wanted: string, state: NodeState): readonly Found[] {
  const votes = state.consensus?.votes ?? []
  return votes
    .filter((vote) => vote.name.toLowerCase().includes(wanted) || vote.validator.includes(wanted))
    .slice(0, EACH)
    .map((vote) => ({
      key: `validator ${vote.validator}`,
      kind: 'validator',
      words: vote.name,
      id: false,
      to: `/validators/${vote.validator}`,
      address: vote.validator,
      detail: { state: vote.silentSinceHeight === null ? 'signing' : 'silent' },
    }))
}

function peers(wanted: string, held: readonly PeerView[]): readonly Found[] {
  return held
    .filter(
      (peer) =>
        peer.validator === null &&
        (peer.peer.toLowerCase().includes(wanted) || peer.name?.toLowerCase().includes(wanted)),
    )
    .slice(0, EACH)
    .map((peer) => ({
      key: `peer ${peer.peer}`,
      kind: 'peer',
      words: peer.name ?? peer.peer,
      id: peer.name === null,
      to: `/mesh?peer=${encodeURIComponent(peer.peer)}`,
      address: peer.peer,
      detail: { state: peer.role },
    }))
}

function transactions(wanted: string, held: readonly TransactionView[]): readonly Found[] {
  if (wanted.length < 3) return []
  return held
    .filter(
      (transaction) => transaction.hash.startsWith(wanted) || transaction.hash.startsWith(`0x${wanted}`),
    )
    .slice(0, EACH)
    .map(foundTransaction)
}

function foundTransaction(transaction: TransactionView): Found {
  return {
    key: `transaction ${transaction.hash}`,
    kind: 'transaction',
    words: transaction.hash,
    id: true,
    to: `/explorer/transaction/${transaction.hash}`,
    detail: { state: `${transaction.payload.type}, ${transaction.status}` },
  }
}

/** Asks the node what a whole hash or address is. Nothing is found for any other text, and nothing on an error. */
export async function lookUp(text: string, node: NodeApi): Promise<readonly Found[]> {
  const wanted = text.trim().toLowerCase()
  if (HASH.test(wanted)) {
    const [transaction, block] = await Promise.allSettled([
      node.call('chain_transaction', { hash: wanted }),
      node.call('chain_block', { blockId: wanted }),
    ])
    if (transaction.status === 'fulfilled') return [foundTransaction(transaction.value)]
    if (block.status === 'fulfilled')
      return [
        {
          key: `block ${wanted}`,
          kind: 'block',
          words: wanted,
          id: true,
          to: `/explorer/block/${wanted}`,
          share: 1,
          detail: { atMs: block.value.timestampMs },
        },
      ]
    return []
  }
  if (!ADDRESS.test(wanted)) return []
  const account = await node.call('chain_account', { address: wanted, historyLimit: 0 }).catch(() => null)
  if (account === null) return []
  return [
    {
      key: `account ${wanted}`,
      kind: 'account',
      words: wanted,
      id: true,
      to: `/explorer/account/${wanted}`,
      address: wanted,
      detail: { balance: account.balance },
    },
  ]
}
