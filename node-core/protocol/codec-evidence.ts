/** Canonical bytes of statements and of evidence, and the id of evidence: by what was signed, never by signature bytes. */
import { assert } from '../lib/assert.ts'
import { compareBytes, equalBytes } from '../lib/bytes.ts'
import { type Decoded, decodeWith } from './codec.ts'
import { MESSAGE_NUMBERS } from './codec-messages.ts'
import { ED25519_SIGNATURE_BYTES, MAX_EVIDENCE_BYTES } from './constants.ts'
import type { Statement, StatementPair } from './evidence.ts'
import { DOMAINS, hashOf } from './hash.ts'
import type { Hash } from './ids.ts'
import type { Prepared } from './messages.ts'
import { container, optional, tagged, union } from './ssz-composites.ts'
import { address, bytes, hash, safeUint, uint32 } from './ssz-scalars.ts'

type RoundChangeStatement = Extract<Statement, { type: 'round-change' }>
type VoteStatement = Exclude<Statement, RoundChangeStatement>

const signed = {
  height: safeUint,
  round: uint32,
  sender: address,
  signature: bytes(ED25519_SIGNATURE_BYTES),
}
const vote = <T extends VoteStatement['type']>(type: T) =>
  tagged<VoteStatement & { readonly type: T }>(type, { ...signed, blockId: hash })

export const proposalStatementType = vote('pre-prepare')

const statementType = union<Statement>({
  [MESSAGE_NUMBERS['round-change']]: tagged<RoundChangeStatement>('round-change', {
    ...signed,
    prepared: optional(container<Prepared>({ round: uint32, blockId: hash })),
  }),
  [MESSAGE_NUMBERS['pre-prepare']]: proposalStatementType,
  [MESSAGE_NUMBERS.prepare]: vote('prepare'),
  [MESSAGE_NUMBERS.commit]: vote('commit'),
})

/** For containers: whoever reads one asks pairFault. */
export const pairType = container<StatementPair>({ first: statementType, second: statementType })

const NO_SIGNATURE = new Uint8Array(ED25519_SIGNATURE_BYTES)

export function encodeStatement(statement: Statement): Uint8Array {
  return statementType.serialize(statement)
}

function contentOf(statement: Statement): Uint8Array {
  return encodeStatement({ ...statement, signature: NO_SIGNATURE })
}

/** The two in the one order that is canonical, so that whoever finds them makes the same evidence. They must differ. */
export function pairOf(a: Statement, b: Statement): StatementPair {
  const order = compareBytes(contentOf(a), contentOf(b))
  assert(order !== 0, 'two different statements')
  return order < 0 ? { first: a, second: b } : { first: b, second: a }
}

/** Of what the two statements say. Signatures, which some browsers randomise, change nothing. */
export function evidenceId({ first, second }: StatementPair): Hash {
  return hashOf(DOMAINS.evidence, contentOf(first), contentOf(second))
}

export function encodeEvidence(pair: StatementPair): Uint8Array {
  return pairType.serialize(pair)
}

/** Strict: the two say different things and stand in canonical order. */
export function decodeEvidence(data: Uint8Array): Decoded<StatementPair> {
  const decoded = decodeWith(pairType, data, MAX_EVIDENCE_BYTES)
  return decoded.ok ? (pairFault(decoded.value) ?? decoded) : decoded
}

/** null: the two say different things and stand in canonical order. */
export function pairFault(pair: StatementPair): Extract<Decoded<StatementPair>, { ok: false }> | null {
  const [first, second] = [contentOf(pair.first), contentOf(pair.second)]
  if (equalBytes(first, second)) return { ok: false, code: 'malformed', detail: 'one statement twice' }
  if (compareBytes(first, second) > 0)
    return { ok: false, code: 'non-canonical', detail: 'the order of the statements' }
  return null
}
