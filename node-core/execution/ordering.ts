/**
 * The one order of a block's transactions.
 *
 * Of each sender, its transactions by nonce (equal nonces, which no valid block has, by id) make a queue. The block takes,
 * again and again, from the heads of all queues the one with the highest effective tip at the block's base fee; of equal
 * tips the one with the lower id bytes. Given the transactions and the base fee there is exactly one such order, so every
 * node can check it, and a proposer cannot place its own transaction beside another's.
 */
import { effectiveTip } from '../economy/fees.ts'
import type { Address, Amount } from '../protocol/ids.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'

interface Head {
  readonly queue: readonly VerifiedTransaction[]
  readonly position: number
  readonly tip: Amount
}

/** Cost: n log n. */
export function canonicalOrder(
  transactions: readonly VerifiedTransaction[],
  baseFeePerGas: Amount,
): VerifiedTransaction[] {
  const heap: Head[] = []
  const headAt = (queue: Head['queue'], position: number): Head => ({
    queue,
    position,
    tip: effectiveTip(queue[position]!.transaction, baseFeePerGas),
  })
  for (const queue of queuesBySender(transactions)) push(heap, headAt(queue, 0))
  const ordered: VerifiedTransaction[] = []
  while (heap.length > 0) {
    const { queue, position } = heap[0]!
    ordered.push(queue[position]!)
    const rest = position + 1 < queue.length ? headAt(queue, position + 1) : heap.pop()!
    if (heap.length > 0) replaceTop(heap, rest)
  }
  return ordered
}

export function isInCanonicalOrder(
  transactions: readonly VerifiedTransaction[],
  baseFeePerGas: Amount,
): boolean {
  const ordered = canonicalOrder(transactions, baseFeePerGas)
  return ordered.every((transaction, i) => transaction.id === transactions[i]!.id)
}

function queuesBySender(transactions: readonly VerifiedTransaction[]): VerifiedTransaction[][] {
  const queues = new Map<Address, VerifiedTransaction[]>()
  for (const each of transactions) {
    const queue = queues.get(each.transaction.sender)
    if (queue) queue.push(each)
    else queues.set(each.transaction.sender, [each])
  }
  for (const queue of queues.values())
    queue.sort((a, b) => a.transaction.nonce - b.transaction.nonce || (a.id < b.id ? -1 : 1))
  return [...queues.values()]
}

function isBefore(a: Head, b: Head): boolean {
  return a.tip === b.tip ? a.queue[a.position]!.id < b.queue[b.position]!.id : a.tip > b.tip
}

/** A binary heap, the best head first. */
function push(heap: Head[], head: Head): void {
  let place = heap.push(head) - 1
  while (place > 0) {
    const above = (place - 1) >> 1
    if (!isBefore(head, heap[above]!)) break
    heap[place] = heap[above]!
    place = above
  }
  heap[place] = head
}

function replaceTop(heap: Head[], head: Head): void {
  let place = 0
  for (;;) {
    let below = 2 * place + 1
    if (below >= heap.length) break
    if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++
    if (!isBefore(heap[below]!, head)) break
    heap[place] = heap[below]!
    place = below
  }
  heap[place] = head
}
