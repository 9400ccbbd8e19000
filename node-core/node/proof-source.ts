/**
 * What peers prove: records of the present state and decided transactions, each checked against a header that was verified
 * here. Who proves something wrong is named, loses standing and is asked no more.
 */
import type { LightFault, LightResult } from '../light/fault.ts'
import { type ProvedTransaction, verifyInclusion } from '../light/inclusion.ts'
import type { LightBlock } from '../light/light-block.ts'
import { verifyRecord } from '../light/state-proof.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { PeerId } from '../ports/network.ts'
import { formatAddress } from '../protocol/address.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import { accountKey, type StateKey, validatorKey } from '../state/keys.ts'
import type { Account, ValidatorRecord } from '../state/records.ts'
import { PROOF_AGE_BLOCKS } from './constants.ts'
import { type HeaderFollower, type HeaderFollowerParts, servingPeers } from './header-follower.ts'
import type { ProofView } from './node-api.ts'
import { askObserved } from './observe-protocol.ts'

export interface Proved<T> {
  /** null: proved that there is none. */
  readonly record: T | null
  readonly at: LightBlock
  /** As the peer gave it. */
  readonly proof: ProofView
}

export interface ProvedInBlock extends ProvedTransaction {
  readonly at: LightBlock
}

type Parts = Pick<HeaderFollowerParts, 'chain' | 'network' | 'peers' | 'telemetry'> & {
  readonly headers: HeaderFollower
}

/** null: this peer does not have it. */
type Answer<T> = LightResult<T> | null

export class ProofSource {
  readonly #parts: Parts
  /** Who gave something that does not hold, with the first fault of each. */
  readonly #refused = new Map<PeerId, LightFault>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Rejects with `no-source` where nobody connected could prove it; the data says who was refused and why. */
  account(address: Address): Promise<Proved<Account>> {
    return this.#record(address, 'account', accountKey(address))
  }

  validator(address: Address): Promise<Proved<ValidatorRecord>> {
    return this.#record(address, 'validator', validatorKey(address))
  }

  /** null: nobody connected knows of it in a block whose header is kept here. */
  transaction(id: Hash): Promise<ProvedInBlock | null> {
    return this.#first(async (peer) => {
      const view = await this.#ask(peer, 'chain_transaction', { hash: id, inclusion: true })
      const { height, inclusion } = (view ?? {}) as { height?: unknown; inclusion?: unknown }
      if (!isHeight(height) || typeof inclusion !== 'object' || inclusion === null) return null
      const at = this.#nearHead(height, 0) ? await this.#parts.headers.certify(height) : null
      if (!at) return null
      const proved = verifyInclusion(at.header, id, inclusion as never)
      return proved.ok ? { ok: true, value: { ...proved.value, at } } : proved
    })
  }

  async #record<T>(address: Address, record: 'account' | 'validator', key: StateKey<T>): Promise<Proved<T>> {
    const params = { address: formatAddress(address), record }
    const proved = await this.#first(async (peer): Promise<Answer<Proved<T>>> => {
      const proof = await this.#ask(peer, 'chain_proof', params)
      const height: unknown = proof?.height
      if (!proof || !isHeight(height) || !this.#nearHead(height, this.#parts.chain.height - PROOF_AGE_BLOCKS))
        return null
      const at = await this.#parts.headers.certify(height)
      if (!at) return null
      const verified = verifyRecord(at.header.stateRoot, key, proof)
      return verified.ok ? { ok: true, value: { record: verified.value.record, at, proof } } : verified
    })
    if (proved) return proved
    const refused = [...this.#refused].map(([peer, { code }]) => ({ peer, code }))
    throw new CodedError('no-source', { refused })
  }

  /** What a peer may lead this node to fetch headers for. */
  #nearHead(height: Height, oldest: Height): boolean {
    return height >= oldest && height <= this.#parts.chain.height + PROOF_AGE_BLOCKS
  }

  async #first<T>(question: (peer: PeerId) => Promise<Answer<T>>): Promise<T | null> {
    for (const peer of servingPeers(this.#parts)) {
      if (this.#refused.has(peer)) continue
      const answer = await question(peer)
      if (answer?.ok) return answer.value
      if (answer) this.#refuse(peer, answer.fault)
    }
    return null
  }

  #refuse(peer: PeerId, fault: LightFault): void {
    const { peers, telemetry } = this.#parts
    // Who left is forgotten; its standing is remembered with all others'.
    const connected = new Set(servingPeers(this.#parts))
    for (const known of this.#refused.keys()) if (!connected.has(known)) this.#refused.delete(known)
    this.#refused.set(peer, fault)
    telemetry.log('warn', 'proof', `${peer} gave a proof that does not hold: ${fault.code}`)
    peers.conduct(peer, 'bad-block')
  }

  /** null: gone, or does not have it; that says nothing about the others. */
  #ask<M extends 'chain_proof' | 'chain_transaction'>(
    peer: PeerId,
    method: M,
    params: Parameters<typeof askObserved<M>>[3],
  ) {
    return askObserved(this.#parts.network, peer, method, params).catch(() => null)
  }
}

function isHeight(value: unknown): value is Height {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
