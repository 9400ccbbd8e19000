/** What a light verification did, in words. Pure. */
import type { LightFault } from '../../../node-core/light/fault.ts'
import { countWord, integer, percent } from '../../i18n/format.ts'
import type { FollowedHeader, ShownInclusion } from './light-check.ts'

export interface Step {
  readonly ok: boolean
  readonly words: string
}

/** `shownId`: what the page says the block's id is. */
export function headerSteps(header: FollowedHeader, shownId: string | null): Step[] {
  const same = shownId === null || shownId.toLowerCase() === header.blockId
  return [
    { ok: true, words: followedWords(header) },
    { ok: true, words: signedWords(header) },
    ...(shownId === null
      ? []
      : [
          {
            ok: same,
            words: same
              ? 'The header hashes to the block id that this page shows'
              : 'The header hashes to another block id than this page shows',
          },
        ]),
  ]
}

/** "Began at the genesis and checked 12 headers, one an epoch, each signed by the validators that the one before announced". */
function followedWords({ headers }: FollowedHeader): string {
  if (headers === 0) return 'This header was followed from the genesis in an earlier check'
  return headers === 1
    ? 'Went on from a header checked before by one more, signed by validators already known'
    : `Followed ${integer(headers)} headers, one an epoch, each signed by the validators that the one before announced`
}

function signedWords({ signers, members, signedPower }: FollowedHeader): string {
  return `${capital(countWord(signers.length))} of ${countWord(members)} validators signed it, with ${percent(signedPower)} of the power; more than two thirds are needed`
}

export function inclusionSteps({ index, count, depth, same }: ShownInclusion): Step[] {
  const way = depth === 0 ? 'it is the root by itself' : `${hashWords(depth)} to the root in the header`
  return [
    { ok: true, words: `It is number ${integer(index + 1)} of ${integer(count)} in the block: ${way}` },
    {
      ok: same,
      words: same
        ? 'The receipt under the header’s other root says what this page shows'
        : 'The receipt under the header’s other root says something else than this page',
    },
  ]
}

export function hashWords(count: number): string {
  return count === 1 ? 'one hash leads' : `${countWord(count)} hashes lead`
}

const FAULTS: Readonly<Record<LightFault['code'], string>> = {
  malformed: 'The node’s answer is not what was asked for',
  unavailable: 'The node does not hand out what a check needs',
  'wrong-chain': 'The block belongs to another chain than this page’s genesis',
  'wrong-height': 'The node answered with another height',
  'wrong-checkpoint': 'The block at the checkpoint is another one',
  'height-not-above': 'The height is below the one that is trusted',
  'time-not-above': 'The header’s time does not go forward',
  'from-the-future': 'The header’s time is in the future by this device’s clock',
  'trust-expired': 'The header to begin from is too old',
  'wrong-parent': 'The block does not follow the one before it',
  'wrong-validators': 'The header names validators whom nobody announced',
  'next-set-changed': 'The header announces other validators than its epoch does',
  'set-mismatch': 'The validators that came along are not those of the header',
  'certificate-mismatch': 'The certificate is of another block',
  'bad-certificate': 'The certificate is not well formed',
  'no-quorum': 'Those who signed are no quorum',
  'bad-signature': 'A signature does not hold',
  'too-little-trust': 'Too little of the trusted power signed it',
  'bad-proof': 'The hashes do not lead up to the root',
  'wrong-proof': 'The proof is of something else',
  'bad-record': 'What is proved is no such record',
  'bad-inclusion': 'The transaction or its receipt is not under the header’s roots',
}

export function faultWords({ code }: LightFault): string {
  return FAULTS[code]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
