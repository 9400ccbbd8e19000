/** What happened in the rounds of a height, as sentences. */
import { figure, type Sentence } from './en.ts'

/** What happened in a round; the reason stands beside it. */
export const ROUND_KINDS: Readonly<Record<string, string>> = {
  'round-entered': 'Round change',
  'proposal-accepted': 'Proposal accepted',
  'proposal-dropped': 'Proposal dropped',
  prepared: 'Prepared',
  'signing-refused': 'Signing refused',
  decided: 'Decided',
}

/** Why it happened. */
export const ROUND_SENTENCES: Readonly<Record<string, Sentence>> = {
  start: 'The height began',
  timeout: 'No proposal within the round’s time',
  'others-moved': 'The others had moved on',
  proposal: 'A proposal of a later round came',
  'invalid-proposal': 'The proposed block was invalid',
  restart: 'This node started again',
  late: 'The proposal came too late',
  'too-soon': 'The proposal was dated ahead of our clocks',
  unjustified: 'The proposal did not prove its right to a new round',
  mismatched: 'The proposal did not fit the block it carried',
  invalid: 'The proposed block was invalid',
  'not-proposer': 'It came from a validator whose turn it was not',
  barred: 'This node signs nothing just now; the Node page says why',
  'behind-peers': 'A peer is further on, so this node fetches first',
  'order-failed': 'The vote could not be stored, so it did not leave',
}

/** Why a round ended without a block. */
export const FAILURE_SENTENCES: Readonly<Record<string, string>> = {
  'no-proposal': 'No proposal within the round’s time',
  invalid: 'The proposed block was invalid',
  dropped: 'The proposal was not taken in',
  'not-prepared': 'Too few prepared within the round’s time',
  'not-committed': 'Prepared, but too few committed in time',
  'jumped-over': 'The others had moved on before this tab saw it',
}

export const OFFENCE_SENTENCES: Readonly<Record<string, Sentence>> = {
  'double-sign': 'Signed two votes for the same step',
  amnesia: 'Voted against its own earlier prepare',
}

/** How far back the signed bytes of messages are kept. */
export const RAW_SENTENCES: Readonly<Record<'reach' | 'none', Sentence>> = {
  reach: (data) =>
    `Raw messages reach back to height ${figure(data, 'height')}: a tab keeps ${data.budget} of them, and the oldest go first.`,
  none: 'No raw message is kept here yet.',
}
