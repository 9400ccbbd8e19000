/**
 * Checks a proof of an account's record in this page, step by step, against the state root of a block's header. Loaded on
 * demand: it brings the hash function and the records' codec.
 */

import { fromHex, toHex } from '../../../node-core/lib/bytes.ts'
import { readStateProof } from '../../../node-core/light/state-proof.ts'
import type { ProofView } from '../../../node-core/node/node-api.ts'
import { parseAddress } from '../../../node-core/protocol/address.ts'
import { accountKey, decodeRecord, keyHash } from '../../../node-core/state/keys.ts'
import { HASH_BYTES, verifyProof } from '../../../node-core/state/proof.ts'

export type ProofStep = 'key' | 'root' | 'path' | 'value'

export interface ProofCheck {
  readonly step: ProofStep
  readonly ok: boolean
  /** Hashes that were compared, 0x-hex; the same when ok. */
  readonly expected: string
  readonly found: string
}

export interface ProofVerdict {
  readonly ok: boolean
  readonly checks: readonly ProofCheck[]
  /** What the record says, when it is proved; null: proved that there is none, or not proved. */
  readonly account: { readonly balance: string; readonly nonce: number } | null
  readonly absent: boolean
}

export interface ProofClaim {
  readonly address: string
  readonly proof: ProofView
  /** Of the header at the proof's height: verified in this page, or as the node has it. */
  readonly header: { readonly blockId: string; readonly stateRoot: string }
}

/** Total: malformed proofs give a verdict that is not ok. */
export function checkProof({ address, proof, header }: ProofClaim): ProofVerdict {
  const parsed = parseAddress(address)
  const key = parsed === null ? null : keyHash(accountKey(parsed))
  const keyCheck = compare('key', key === null ? '' : toHex(key), proof.key)
  const rootCheck = compare('root', header.stateRoot, header.blockId === proof.blockId ? proof.stateRoot : '')
  const read = readStateProof(proof)
  const root = fromHex(header.stateRoot, HASH_BYTES)
  const held =
    key !== null && read !== null && root !== null ? verifyProof(root, key, read) : ({ ok: false } as const)
  const pathCheck: ProofCheck = {
    step: 'path',
    ok: held.ok,
    expected: header.stateRoot,
    found: held.ok ? header.stateRoot : '',
  }
  const value = held.ok ? held.value : null
  const record = value === null || parsed === null ? null : decodeRecord(accountKey(parsed), value)
  const account =
    record?.ok === true ? { balance: record.value.balance.toString(), nonce: record.value.nonce } : null
  const absent = held.ok && value === null
  const shown = proof.value ?? 'no record'
  const valueCheck: ProofCheck = {
    step: 'value',
    ok: absent || account !== null,
    expected: shown,
    found: absent || account !== null ? shown : '',
  }
  const checks = [keyCheck, rootCheck, pathCheck, valueCheck]
  return { ok: checks.every((check) => check.ok), checks, account, absent }
}

function compare(step: ProofStep, expected: string, found: string): ProofCheck {
  return { step, ok: expected !== '' && expected.toLowerCase() === found.toLowerCase(), expected, found }
}
