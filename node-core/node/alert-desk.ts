/** Raises and clears alerts: by what the detectors say, by what happened to validators, by how this node fares. */
import type { Finding } from '../economy/detectors/finding.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { formatAddress } from '../protocol/address.ts'
import type { Address } from '../protocol/ids.ts'
import { offenceOf } from '../protocol/offence.ts'
import { SLASHES_KEY, validatorKey } from '../state/keys.ts'
import type { EpochSlashes } from '../state/records.ts'
import { AlertBook, type AlertContent, EVENT_ACTIVE_MS } from './alert-book.ts'
import type { AttackWatch } from './attack-watch.ts'
import type { Chain } from './chain.ts'
import type { Evidence, EvidenceBook } from './evidence-book.ts'
import type { AlertView } from './node-api.ts'

/** Of blocks older than this nobody is told: they are being fetched, ms. */
export const TOLD_AGE_MS = 10 * 60_000

/** The chain stands still, or this node is apart, for so long before it is told, ms: a start takes a moment. */
export const TOLD_AFTER_MS = 30_000

export interface AlertDeskParts {
  readonly attacks: AttackWatch
  readonly evidence: EvidenceBook
  readonly chain: Chain
  /** Between two blocks, as they came lately, ms. */
  readonly intervalMs: () => number
  readonly storage: Storage
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Raised, of another level, or over. */
  readonly changed: (alert: AlertView) => void
}

/** What keeps this node from its work; null: nothing of the kind. */
export interface NodeTrouble {
  readonly stalled: AlertContent['data'] | null
  readonly partitioned: AlertContent['data'] | null
  readonly storage: AlertContent['data'] | null
}

export class AlertDesk {
  readonly book: AlertBook
  readonly #parts: AlertDeskParts
  /** Seen last: it changes as a whole. */
  #slashes: EpochSlashes | null = null
  readonly #since = new Map<'stalled' | 'partitioned', number>()

  constructor(parts: AlertDeskParts) {
    this.#parts = parts
    this.book = new AlertBook(parts)
  }

  /** Evidence that is kept from now on. */
  evidence({ id, first, second }: Evidence): void {
    const offence = offenceOf(first, second)
    if (!offence) return
    const data = { validator: formatAddress(first.sender), offence, height: String(first.height) }
    this.book.happened(`evidence:${id}`, { kind: 'evidence', level: 'critical', data })
  }

  /** A block joined the chain; the state may be ahead of it. */
  decided(timestampMs: number): void {
    const { attacks, clock } = this.#parts
    if (clock.wallMs() - timestampMs > TOLD_AGE_MS) return
    for (const finding of attacks.findings()) this.book.holds(finding.type, contentOf(finding))
    this.#lookAtJails()
    this.#lookAtSlashes()
    this.#settlePunished()
    this.book.pass()
  }

  /** Said every second. */
  node({ stalled, partitioned, storage }: NodeTrouble): void {
    const { book } = this
    const [still, apart] = [this.#lasting('stalled', stalled), this.#lasting('partitioned', partitioned)]
    book.holds('stalled', still && { kind: 'stalled', level: 'high', data: still })
    book.holds('partitioned', apart && { kind: 'partitioned', level: 'high', data: apart })
    book.holds('storage', storage && { kind: 'storage', level: 'critical', data: storage })
    book.pass()
  }

  /** null until it has lasted. */
  #lasting<Data>(trouble: 'stalled' | 'partitioned', data: Data | null): Data | null {
    const nowMs = this.#parts.clock.monotonicMs()
    if (data === null) this.#since.delete(trouble)
    else if (!this.#since.has(trouble)) this.#since.set(trouble, nowMs)
    return nowMs - (this.#since.get(trouble) ?? nowMs) >= TOLD_AFTER_MS ? data : null
  }

  /** Who goes to jail is a member at that time, up to the end of the epoch at least. */
  #lookAtJails(): void {
    const { chain } = this.#parts
    for (const { address } of chain.nextSet.set.members) {
      const jail = chain.state.get(validatorKey(address))?.jail
      if (!jail) continue
      const data = { validator: formatAddress(address), offence: jail.reason, height: String(chain.height) }
      this.book.happened(`jailed:${address}:${jail.releasesAtMs}`, { kind: 'jailed', level: 'medium', data })
    }
  }

  /** Of the last day: the state remembers them for longer. */
  #lookAtSlashes(): void {
    const { chain, intervalMs } = this.#parts
    const known = chain.state.get(SLASHES_KEY)
    if (known === this.#slashes) return
    this.#slashes = known
    const from = chain.height - EVENT_ACTIVE_MS / intervalMs()
    for (const { validator, offence, height, amount } of known?.slashes ?? []) {
      if (height < from) continue
      const data = {
        validator: formatAddress(validator),
        offence,
        amount: String(amount),
        height: String(height),
      }
      this.book.happened(`slash:${validator}:${offence}:${height}`, { kind: 'slash', level: 'high', data })
    }
  }

  #settlePunished(): void {
    const { book } = this
    const { chain, evidence } = this.#parts
    const open = new Set(book.openEvents('evidence'))
    if (open.size > 0)
      for (const { id, first } of evidence.all()) {
        const subject = `evidence:${id}`
        if (open.has(subject) && chain.state.get(validatorKey(first.sender))?.tombstoned)
          book.settled(subject)
      }
    for (const subject of book.openEvents('jailed')) {
      const [, address, releasesAtMs] = subject.split(':') as [string, Address, string]
      const jail = chain.state.get(validatorKey(address))?.jail
      if (String(jail?.releasesAtMs) !== releasesAtMs) book.settled(subject)
    }
  }
}

function contentOf({
  type,
  threat,
  value,
  threshold,
  unit,
  heights,
  suspects,
}: Finding): AlertContent | null {
  if (threat === null) return null
  const measured = { value: String(value), threshold: String(threshold), unit }
  const [suspect, height] = [suspects[0], heights.at(-1)]
  const data = {
    ...measured,
    ...(suspect === undefined ? {} : { suspect: formatAddress(suspect), suspects: String(suspects.length) }),
    ...(height === undefined ? {} : { height: String(height) }),
  }
  return { kind: type, level: threat, data }
}
