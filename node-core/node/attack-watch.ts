/**
 * What looks like an attack on the chain, by its blocks and by what this node saw: gathers the facts as blocks are decided and
 * asks the detectors after each.
 */
import { type Entity, entitiesOf, type Holder } from '../economy/concentration.ts'
import type { detect } from '../economy/detectors/detect.ts'
import type { Finding } from '../economy/detectors/finding.ts'
import type { Equivocation, Observation, RefusedCertificate } from '../economy/detectors/observation.ts'
import { TrafficWindow } from '../economy/detectors/traffic-window.ts'
import { SYBIL_WINDOW_MS } from '../economy/detectors/windows.ts'
import { trustingPeriodMs } from '../light/trusted-state.ts'
import type { Address, Amount, Epoch } from '../protocol/ids.ts'
import { validatorKey } from '../state/keys.ts'
import { stakeOf } from '../state/records.ts'
import { blockFacts } from './block-facts.ts'
import type { Chain } from './chain.ts'
import type { Evidence, EvidenceBook } from './evidence-book.ts'
import { nextBaseFeeOf } from './pool-chain.ts'
import type { StoredBlock } from './repositories.ts'

/** Refused certificates remembered; the oldest give way. */
const REFUSED_CERTIFICATES = 64

export interface AttackWatchParts {
  readonly chain: Chain
  /** Of the validators whose nodes are direct peers. */
  readonly hosts: () => ReadonlyMap<Address, string>
  readonly evidence: EvidenceBook
  /** Between two blocks, as they came lately, ms. */
  readonly intervalMs: () => number
}

type Power = Pick<Observation, 'powers' | 'entities'>

export class AttackWatch {
  readonly #parts: AttackWatchParts
  readonly #traffic = new TrafficWindow()
  readonly #refused: RefusedCertificate[] = []
  #power: (Power & { readonly epoch: Epoch; readonly hosts: string }) | null = null
  #findings: readonly Finding[] | null = null
  #detect: typeof detect | null = null
  /** Resolves when the detectors are loaded: a tab's node starts without them. */
  readonly ready: Promise<void>

  constructor(parts: AttackWatchParts) {
    this.#parts = parts
    this.ready = this.#load()
  }

  /** Blocks in order: those of before, and each that joins. */
  add(stored: Pick<StoredBlock, 'block' | 'receipts'>): void {
    this.#traffic.add(blockFacts(this.#parts.chain, stored))
    this.#findings = null
  }

  refused(certificate: RefusedCertificate): void {
    this.#refused.push(certificate)
    if (this.#refused.length > REFUSED_CERTIFICATES) this.#refused.shift()
    this.#findings = null
  }

  /** What each detector says of the chain up to its head; nothing before they are loaded. */
  findings(): readonly Finding[] {
    if (!this.#detect) return []
    this.#findings ??= this.#detect(this.#observe())
    return this.#findings
  }

  async #load(): Promise<void> {
    this.#detect = (await import('../economy/detectors/detect.ts')).detect
  }

  #observe(): Observation {
    const { chain, evidence } = this.#parts
    const sums = this.#traffic.sums()
    const { powers, entities } = this.#powerNow()
    const moved = new Set(
      sums.stakeOperations.flatMap(({ moves }) => moves.map(({ validator }) => validator)),
    )
    return {
      ...sums,
      height: chain.height,
      nowMs: chain.parent.timestampMs,
      powers,
      entities,
      stakes: new Map([...moved].map((validator) => [validator, this.#stakeBehind(validator)])),
      baseFee: nextBaseFeeOf(chain),
      equivocations: evidence.all().map(equivocation),
      refused: this.#refused,
      trustingPeriodMs: trustingPeriodMs(chain.parameters),
      // This chain has no jobs.
      deals: [],
    }
  }

  #stakeBehind(validator: Address): Amount {
    const record = this.#parts.chain.state.get(validatorKey(validator))
    return record ? stakeOf(record) : 0n
  }

  /** PERF: who may be one party is looked at again when the set changes, or where its nodes are. */
  #powerNow(): Power {
    const { chain, intervalMs } = this.#parts
    const { set } = chain.nextSet
    const hosts = this.#parts.hosts()
    const where = JSON.stringify([...hosts])
    if (this.#power?.epoch === set.epoch && this.#power.hosts === where) return this.#power
    const holders = holdersOf(chain, hosts)
    const entities: readonly Entity[] = entitiesOf(holders, SYBIL_WINDOW_MS / intervalMs())
    this.#power = {
      epoch: set.epoch,
      hosts: where,
      powers: holders.map(({ power }) => power),
      entities,
    }
    return this.#power
  }
}

function equivocation({ first, atMs }: Evidence): Equivocation {
  return { validator: first.sender, height: first.height, atMs }
}

/** The members of the set that decides next. */
export function holdersOf(chain: Chain, hosts: ReadonlyMap<Address, string>): Holder[] {
  return chain.nextSet.set.members.map(({ address, power }) => {
    const record = chain.state.get(validatorKey(address))
    return {
      address,
      power,
      funder: record?.funder ?? null,
      registeredAtHeight: record?.registeredAtHeight ?? 0,
      host: hosts.get(address) ?? null,
    }
  })
}
