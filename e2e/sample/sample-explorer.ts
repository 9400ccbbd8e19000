/** State proofs that hold: the record, hashes above it, and a header that carries their root. */
import { digest } from '@chainsafe/as-sha256'
import { fromHex, toHex } from '../../node-core/lib/bytes.ts'
import type { ProofView } from '../../node-core/node/node-api.ts'
import { parseAddress } from '../../node-core/protocol/address.ts'
import { accountKey, encodeRecord, keyHash } from '../../node-core/state/keys.ts'
import { bitAt, leafHash, nodeHash } from '../../node-core/state/proof.ts'
import type { Connection } from '../../web/store/connection.ts'
import { hexOf } from './people.ts'
import { overNode } from './sample-over.ts'

const DEPTH = 18

/** `spoilt`: the balance in the proof is not the one under the root. */
export function withProofs(connection: Connection, spoilt: boolean): Connection {
  const roots = new Map<number, string>()
  return overNode(connection, {
    chain_proof: async ({ address }, below) => {
      const proof = await below.call('chain_proof', { address })
      const raw = parseAddress(address)
      if (raw === null) return proof
      const account = await below.call('chain_account', { address })
      const of = accountKey(raw)
      const record = {
        balance: BigInt(account.balance),
        nonce: account.nonce,
        lastDripHeight: 0,
        funder: null,
      }
      const held = proofOf(keyHash(of), encodeRecord(of, record))
      roots.set(proof.height, held.stateRoot)
      const value = spoilt ? toHex(encodeRecord(of, { ...record, balance: 9n })) : held.value
      return { ...proof, ...held, value }
    },
    chain_block: async (params, below) => {
      const block = await below.call('chain_block', params)
      return { ...block, stateRoot: roots.get(block.height) ?? block.stateRoot }
    },
  })
}

function proofOf(
  key: Uint8Array,
  value: Uint8Array,
): Pick<ProofView, 'key' | 'value' | 'leaf' | 'siblings' | 'stateRoot'> {
  const siblings = Array.from({ length: DEPTH }, (_, level) => fromHex(hexOf(32, 'sibling', level))!)
  const valueHash = digest(value)
  const root = siblings.reduce(
    (hash, sibling, i) =>
      bitAt(key, DEPTH - 1 - i) === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash),
    leafHash(key, valueHash),
  )
  return {
    key: toHex(key),
    value: toHex(value),
    leaf: { key: toHex(key), valueHash: toHex(valueHash) },
    siblings: siblings.map(toHex),
    stateRoot: toHex(root),
  }
}
