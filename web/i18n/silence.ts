/** Why this node's validator signs nothing, and what to do about it. */
import type { Silence } from '../../node-core/node/node-api.ts'
import { integer } from './format.ts'

export interface SilenceWords {
  readonly sentence: string
  /** What happens next by itself, or what a person must do. */
  readonly what: string
  /** bad: nothing changes until somebody acts. */
  readonly tone: 'warn' | 'bad'
}

export function silenceWords(silence: Silence): SilenceWords {
  switch (silence.code) {
    case 'record-exported':
      return {
        tone: 'bad',
        sentence: 'The signing record was exported: this node signs nothing more.',
        what: 'Another node may sign by it, and two that sign with one key lose half of the stake. If none does and none will, the Node page lets this one sign again.',
      }
    case 'key-used-elsewhere':
      return {
        tone: 'bad',
        sentence: 'Another node signs with this validator’s key.',
        what: `Its ${silence.type.toUpperCase()} of height ${integer(silence.height)} is not in the record here. Two that sign with one key lose half of the stake, so this node signs nothing. Stop the other one, then load this page again: it looks anew.`,
      }
    case 'storage-full':
      return {
        tone: 'bad',
        sentence: 'There is no room left to store what would be signed.',
        what: 'Nothing is signed or decided here until there is. Free some disk space, or let the browser give this page more; it goes on by itself.',
      }
    case 'storage-lost':
      return {
        tone: 'bad',
        sentence: 'The storage of this node cannot be reached any more.',
        what: 'The browser may have cleared it. Nothing is signed. Load the page again; if the keys are gone, restore them from their backup.',
      }
    case 'key-failed':
      return {
        tone: 'bad',
        sentence: 'The validator’s key could not be used.',
        what: 'Nothing is signed. Load the page again; the log says more.',
      }
    case 'record-lost':
      return {
        tone: 'warn',
        sentence: 'What this key signed before is not known here.',
        what: 'To contradict nothing, it signs again after the first final block that is newer than this start. That comes by itself while the chain moves without it.',
      }
    case 'looking-for-another-signer':
      return {
        tone: 'warn',
        sentence: 'Just started: listening whether another node signs with this key.',
        what: 'It takes one round; then it signs.',
      }
    case 'record-imported':
      return {
        tone: 'warn',
        sentence: `The signing record was imported: it signs from height ${integer(silence.fromHeight)} on.`,
        what: 'At and below that height another node may have signed. Nothing is to be done.',
      }
    case 'catching-up':
      return {
        tone: 'warn',
        sentence: 'The chain went on without this node.',
        what: 'It fetches what it missed, then signs again.',
      }
  }
}
