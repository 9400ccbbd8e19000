/** What is known of the blocks of this height. A verdict is asked for once and remembered (rules 2, 4 and 8). */
import type { Address, Hash } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
import { KNOWN_BLOCKS_LIMIT } from './limits.ts'
import type { KnownBlock } from './replica-state.ts'
import { emit, type Turn } from './turn.ts'

export function knownBlock(turn: Turn, blockId: Hash): KnownBlock | undefined {
  for (const each of turn.state.blocks) if (each.blockId === blockId) return each
  return undefined
}

function put(turn: Turn, next: KnownBlock): void {
  const { state } = turn
  const before = knownBlock(turn, next.blockId)
  if (before) {
    state.blocks = state.blocks.map((each) => (each === before ? next : each))
    return
  }
  state.blocks = [...state.blocks, next]
  if (state.blocks.length <= KNOWN_BLOCKS_LIMIT) return
  const oldest = state.blocks.find((each) => each !== next && !isInUse(turn, each.blockId))
  state.blocks = state.blocks.filter((each) => each !== oldest)
}

function isVerdict(check: KnownBlock['check']): boolean {
  return check.status === 'valid' || check.status === 'invalid'
}

function isInUse(turn: Turn, blockId: Hash): boolean {
  const { accepted, prepared, waiting } = turn.state
  return (
    blockId === accepted ||
    blockId === prepared?.blockId ||
    waiting.some((each) => each.message.blockId === blockId)
  )
}

/** Has the block checked, unless that was asked for before. */
export function askForCheck(turn: Turn, blockId: Hash, block: CompactBlock) {
  const known = knownBlock(turn, blockId)
  if (known?.block && known.check.status !== 'unknown') return
  if (known && isVerdict(known.check)) return put(turn, { ...known, block })
  put(turn, { blockId, block, check: { status: 'running' } })
  emit(turn, { type: 'check-block', blockId, block })
}

/** Has a block fetched of which only the id is known here, unless that was asked for before. */
export function askForBlock(turn: Turn, blockId: Hash, from: readonly Address[]): void {
  const known = knownBlock(turn, blockId)
  if (known && known.check.status !== 'unknown') return
  put(turn, { blockId, block: known?.block ?? null, check: { status: 'running' } })
  emit(turn, { type: 'fetch-block', height: turn.state.height, blockId, from })
}

/** `block`: when the answer brought it; what was known stays. Forgets the id when the body did not match. */
export function rememberCheck(
  turn: Turn,
  blockId: Hash,
  block: CompactBlock | null,
  check: Extract<KnownBlock['check'], { status: 'valid' | 'invalid' }> | null,
) {
  if (check) return put(turn, { blockId, block: block ?? knownBlock(turn, blockId)?.block ?? null, check })
  turn.state.blocks = turn.state.blocks.filter((each) => each.blockId !== blockId)
}
