/** What a node that catches up is doing, as words. */
import type { SyncView } from '../../node-core/node/node-api.ts'
import { bytesWords } from '../ui/amount-words.ts'
import { countWord, integer, percent } from './format.ts'

/** Fewer blocks are the ordinary lag of one decision. */
const NOTABLE_BLOCKS = 2
const MILLION = 1_000_000

/** Worth a line: not the block or two that every node lags behind now and then. */
export function notableSync(sync: SyncView | null): SyncView | null {
  if (sync === null) return null
  const few = sync.phase === 'blocks' && sync.total < NOTABLE_BLOCKS
  return few && sync.waitingFor === null && sync.damage === null ? null : sync
}

/** 0 to 1, of the phase. */
export function syncShare({ done, total }: SyncView): number {
  return total === 0 ? 0 : Math.min(1, done / total)
}

/** "State of block 240: 62.0 % here and proved, 38.0 % to go, 1.2 MB from three peers". Without a full stop. */
export function syncLine(sync: SyncView): string {
  if (sync.waitingFor === 'peers') return 'Waiting for a peer to fetch from'
  if (sync.waitingFor === 'source') return 'No connected peer has what is missing; asking on'
  const given = sync.sources.filter((source) => source.bytes > 0).length
  const from =
    given === 0
      ? ''
      : `, ${bytesWords(sync.bytes)} from ${countWord(given)} ${given === 1 ? 'peer' : 'peers'}`
  switch (sync.phase) {
    case 'headers':
      return `Certificates verified to ${integer(sync.done)} of ${integer(sync.total)}`
    case 'snapshot':
      return `State of block ${integer(sync.height ?? 0)}: ${percent(sync.done)} here and proved, ${toGo(sync)}${from}`
    case 'blocks':
      return `${integer(sync.done)} of ${integer(sync.total)} blocks executed${from}`
  }
}

/** What remains, for the status bar: "catching up, 38.0 % to go". */
export function syncShort(sync: SyncView): string {
  if (sync.waitingFor !== null) return 'waiting for peers'
  return sync.phase === 'blocks'
    ? `catching up, ${integer(sync.total - sync.done)} blocks to go`
    : `catching up, ${toGo(sync)}`
}

/** "38.0 % to go". */
function toGo(sync: SyncView): string {
  return `${percent(MILLION * (1 - syncShare(sync)))} to go`
}

/** What the store had lost, and what happens now. */
export function damageWords({ lost, badPages, goodPages }: NonNullable<SyncView['damage']>): string {
  const what =
    lost === 'block'
      ? 'The newest block in this node’s storage could not be read'
      : lost === 'page'
        ? `${integer(badPages)} of ${integer(badPages + goodPages)} pages of this node’s state could not be read`
        : 'A part of this node’s state is missing from its storage'
  return `${what}. What is whole is used again where its hashes prove it; the rest is fetched from peers.`
}
