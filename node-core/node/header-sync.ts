/** Brings a certified header of a wanted height: fetches what light-sync.ts asks for, many at once where the way is known. */

import { type LightBlock, readLightBlock } from '../light/light-block.ts'
import {
  headerReceived,
  type LightSync,
  signaturesChecked,
  startSync,
  syncNeed,
} from '../light/light-sync.ts'
import { allowedDriftMs, type TrustedState, trustingPeriodMs } from '../light/trusted-state.ts'
import { isFresh, type VerificationPolicy } from '../light/verify-header.ts'
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { PeerId } from '../ports/network.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Height } from '../protocol/ids.ts'
import { SYNC_HEADERS } from './constants.ts'
import type { FetchPlan } from './fetch-plan.ts'
import { encodeHeadersRequest, HEADERS_PROTOCOL } from './sync-protocols.ts'
import { decodeList } from './wire-protocols.ts'

interface Given {
  readonly block: LightBlock
  readonly peer: PeerId
}

/** Bytes of a header with its certificate and set, for a network of some tens of validators. */
const HEADER_ESTIMATE_BYTES = 8 * 1024

export class HeaderSync {
  readonly #plan: FetchPlan
  readonly #verifier: Verifier
  readonly #clock: Clock
  readonly #parameters: ChainParameters
  readonly #progress: (verified: LightBlock) => void
  readonly #given = new Map<Height, Given>()

  constructor(options: {
    plan: FetchPlan
    verifier: Verifier
    clock: Clock
    parameters: ChainParameters
    /** Told of each, also where the wanted height is not reached in the end. */
    progress: (verified: LightBlock) => void
  }) {
    this.#plan = options.plan
    this.#verifier = options.verifier
    this.#clock = options.clock
    this.#parameters = options.parameters
    this.#progress = options.progress
  }

  /**
   * Every header that was verified on the way, the wanted one last; null: nobody had what it takes. Skips where trust is
   * young enough and peers have the heights for it, else goes epoch by epoch.
   */
  async verify(trusted: TrustedState, target: Height): Promise<LightBlock[] | null> {
    return (
      (isFresh(trusted, this.#policy())
        ? await this.#follow(startSync(trusted, target, 'skipping'))
        : null) ?? (await this.#follow(startSync(trusted, target, 'epochs')))
    )
  }

  async #follow(start: LightSync): Promise<LightBlock[] | null> {
    let sync = start
    const verified: LightBlock[] = []
    /** Who gave what is being checked. */
    let checking: Given | null = null
    for (;;) {
      const policy = this.#policy()
      const need = syncNeed(sync, policy)
      if (need.kind === 'nothing') return verified
      if (need.kind === 'header') {
        const given = await this.#header(sync, need.height)
        if (!given) return null
        checking = given
        const received = headerReceived(sync, given.block, policy)
        if (received.ok) sync = received.value
        else this.#refuse(given)
        continue
      }
      const checks = need.checks.map(({ key, bytes, signature }) =>
        this.#verifier.verifyEd25519(key, bytes, signature),
      )
      const checked = sync.checking!.block
      const concluded = signaturesChecked(sync, await Promise.all(checks), policy)
      if (concluded.ok) {
        sync = concluded.value.sync
        verified.push(checked)
        this.#progress(checked)
        continue
      }
      // The fault may be of one that was fetched before: all that was not verified is let go.
      this.#refuse(this.#given.get(checked.header.height) ?? checking)
      sync = startSync(sync.trusted, sync.targetHeight, sync.strategy)
    }
  }

  #refuse(given: Given | null): void {
    if (!given) return
    this.#given.delete(given.block.header.height)
    for (const [height, other] of this.#given) if (other.peer === given.peer) this.#given.delete(height)
    this.#plan.blame(given.peer)
  }

  async #header(sync: LightSync, height: Height): Promise<Given | null> {
    const held = this.#given.get(height)
    if (held) return held
    await this.#plan.fetch({
      protocol: HEADERS_PROTOCOL,
      request: encodeHeadersRequest(heightsAhead(sync, height, this.#parameters.epochBlocks)),
      bytes: HEADER_ESTIMATE_BYTES,
      take: (answer, peer) => this.#take(answer, peer, height),
    })
    return this.#given.get(height) ?? null
  }

  #take(answer: Uint8Array, peer: PeerId, wanted: Height) {
    const items = decodeList(answer, SYNC_HEADERS)
    if (!items) return 'wrong'
    for (const item of items) {
      if (item.length === 0) continue
      const [header, certificate, validators] = decodeList(item, 3) ?? []
      if (!header || !certificate || !validators) return 'wrong'
      const block = readLightBlock({ header, certificate, validators })
      if (!block.ok) return 'wrong'
      const { height } = block.value.header
      if (!this.#given.has(height)) this.#given.set(height, { block: block.value, peer })
    }
    return this.#given.has(wanted) ? 'done' : 'gone'
  }

  #policy(): VerificationPolicy {
    return {
      nowMs: this.#clock.wallMs(),
      allowedDriftMs: allowedDriftMs(this.#parameters),
      trustingPeriodMs: trustingPeriodMs(this.#parameters),
    }
  }
}

/** Going epoch by epoch, the heights after this one are known: the ends of the epochs up to the target. */
function heightsAhead({ strategy, targetHeight }: LightSync, height: Height, epochBlocks: number): Height[] {
  const heights = [height]
  if (strategy === 'skipping') return heights
  const nextEnd = (Math.floor((height - 1) / epochBlocks) + 1) * epochBlocks
  const first = nextEnd === height || height === 1 ? nextEnd + epochBlocks : nextEnd
  const from = height === 1 ? 2 * epochBlocks : first
  for (let next = from; next < targetHeight && heights.length < SYNC_HEADERS - 1; next += epochBlocks)
    if (next > height) heights.push(next)
  if (targetHeight > height) heights.push(targetHeight)
  return heights
}
