/** Accounts of several in words, and what a person types about them. Pure. */
import type { MultisigProposalView, MultisigView } from '../../../node-core/node/node-api.ts'
import { parseAddress } from '../../../node-core/protocol/address.ts'
import { MAX_MULTISIG_MEMBERS } from '../../../node-core/protocol/constants.ts'
import { capital, countWord, integer, nameList } from '../../i18n/format.ts'
import { aboutWords, blocksLeftWords } from '../../ui/time-words.ts'

type NameOf = (address: string) => string

/** "Two of three must agree." */
export function thresholdWords({ threshold, members }: Pick<MultisigView, 'threshold' | 'members'>): string {
  if (threshold === members.length)
    return members.length === 1
      ? 'Its one member decides.'
      : `${members.length === 2 ? 'Both' : `All ${countWord(members.length)}`} must agree.`
  return `${capital(countWord(threshold))} of ${countWord(members.length)} must agree.`
}

/** Who has approved, and who could make it enough. */
export function approvalWords(
  { approvals }: Pick<MultisigProposalView, 'approvals'>,
  { threshold, members }: Pick<MultisigView, 'threshold' | 'members'>,
  nameOf: NameOf,
): string {
  const by =
    approvals.length === 0
      ? 'Approved by nobody'
      : `Approved by ${nameList(approvals.map(nameOf), members.length)}`
  const missing = threshold - approvals.length
  if (missing <= 0) return `${by}: that is enough.`
  const others = members.filter((member) => !approvals.includes(member))
  const who =
    others.length === missing
      ? nameList(others.map(nameOf), members.length)
      : `${countWord(missing)} of ${nameList(others.map(nameOf), members.length)}`
  return `${by}; ${who} ${missing === 1 ? 'is' : 'are'} missing.`
}

/** "Open until height 48,617: 400 blocks left, about 13 min." */
export function expiryWords(
  { state, expiresAtHeight }: Pick<MultisigProposalView, 'state' | 'expiresAtHeight'>,
  head: number,
  blockIntervalMs: number | null,
): string {
  const left = Math.max(0, expiresAtHeight - head)
  if (state === 'expired' || left === 0)
    return `Expired at height ${integer(expiresAtHeight)}: it cannot be executed any more.`
  return `Open until height ${integer(expiresAtHeight)}: ${blocksLeftWords(left, blockIntervalMs)}.`
}

export type ProposalAct = 'approve' | 'revoke' | 'execute'

/** What a member can do about a proposal now. */
export function actsOn(
  { state, approvals, proposer }: Pick<MultisigProposalView, 'state' | 'approvals' | 'proposer'>,
  member: string,
): readonly ProposalAct[] {
  const approved = approvals.includes(member)
  if (state === 'expired') return proposer === member && approved ? ['revoke'] : []
  return [
    ...(state === 'ready' ? (['execute'] as const) : []),
    ...(approved ? (['revoke'] as const) : (['approve'] as const)),
  ]
}

export interface ProposalActWords {
  readonly title: string
  readonly button: string
  readonly effects: readonly string[]
}

/** `enough`: with this approval there are enough. `ends`: the proposer takes the whole proposal back. */
export function proposalActWords(
  act: ProposalAct,
  { enough, ends }: { readonly enough: boolean; readonly ends: boolean },
): ProposalActWords {
  switch (act) {
    case 'approve':
      return {
        title: 'Approve a proposal',
        button: 'Sign and approve',
        effects: [
          enough
            ? 'With your approval there are enough: any member can execute it then.'
            : 'More members must approve it after you.',
          'Until it is executed you can take your approval back.',
        ],
      }
    case 'revoke':
      return ends
        ? {
            title: 'Take a proposal back',
            button: 'Sign and take it back',
            effects: ['You proposed it: it ends for everyone.'],
          }
        : {
            title: 'Take my approval back',
            button: 'Sign and take it back',
            effects: ['The others may still approve it without you.'],
          }
    case 'execute':
      return {
        title: 'Execute a proposal',
        button: 'Sign and execute',
        effects: [
          'It is done as if the account had sent it, and cannot be undone.',
          'It is done once: whoever executes it again is refused, and pays the fee for nothing.',
          'If the chain refuses it, for example for want of balance, it stays open.',
        ],
      }
  }
}

/** Addresses, one a line, or parted by spaces or commas; no empty ones. */
export function readMembers(text: string): readonly string[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase())
}

/** null: fine, or still empty. */
export function membersProblem(text: string): string | null {
  const members = readMembers(text)
  const odd = members.find((member) => parseAddress(member) === null)
  if (odd !== undefined) return `Not an address: ${odd.slice(0, 20)}${odd.length > 20 ? '…' : ''}`
  if (new Set(members).size < members.length) return 'One of them stands there twice'
  if (members.length > MAX_MULTISIG_MEMBERS) return `At most ${MAX_MULTISIG_MEMBERS} members`
  return members.length === 1 ? 'One member alone is an ordinary account; add another' : null
}

export function thresholdProblem(text: string, members: number): string | null {
  if (text.trim() === '') return null
  const threshold = Number(text)
  if (!/^\d{1,2}$/.test(text.trim()) || threshold < 1) return 'A whole number from 1 on'
  return threshold > members ? `There are only ${integer(members)} members` : null
}

/** How long the others have to agree, in blocks; null: fine, or still empty. */
export function blocksProblem(text: string): string | null {
  if (text.trim() === '') return null
  return /^[1-9]\d{0,6}$/.test(text.trim()) ? null : 'A whole number of blocks, at most seven digits'
}

/** "about 33 min" */
export function openForWords(text: string, blockIntervalMs: number | null): string {
  return blocksProblem(text) === null && text.trim() !== ''
    ? `${capital(aboutWords(Number(text), blockIntervalMs))} from now, for the others to agree.`
    : 'So long the others have to agree.'
}
