/**
 * What somebody should look at: durable and bounded. A condition is active while it holds, an event for a day or until it is
 * settled; each keeps its id for as long as it is active.
 */
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { AlertView } from './node-api.ts'
import { alertWrite, loadAlerts } from './repositories.ts'

/** Alerts kept; the oldest that is over gives way, or the oldest of all. */
export const KEPT_ALERTS = 256
/** An event is over after this long, whatever became of it, ms. */
export const EVENT_ACTIVE_MS = 24 * 3_600_000
/** A condition that comes back sooner is the same one, ms. */
export const SAME_ALERT_MS = 10 * 60_000

export type AlertContent = Pick<AlertView, 'kind' | 'level' | 'data'>

/** As it is stored. */
interface Alert extends AlertView {
  /** What it is about: one alert of a subject is active at a time. */
  readonly subject: string
  /** null: while it is active. */
  readonly endedAtMs: number | null
  readonly isEvent: boolean
}

export interface AlertBookParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Raised, of another level, or over. */
  readonly changed: (alert: AlertView) => void
}

export class AlertBook {
  readonly #parts: AlertBookParts
  /** By id, oldest first. */
  readonly #kept = new Map<string, Alert>()
  /** The newest of each. */
  readonly #bySubject = new Map<string, Alert>()

  constructor(parts: AlertBookParts) {
    this.#parts = parts
  }

  async open(): Promise<void> {
    const stored = await loadAlerts(this.#parts.storage, 2 * KEPT_ALERTS)
    const alerts = stored.flatMap((json) => decode(json) ?? []).sort((a, b) => a.atMs - b.atMs)
    for (const alert of alerts) this.#keep(alert)
  }

  /** Newest first. */
  all(): AlertView[] {
    return [...this.#kept.values()].map(viewOf).reverse()
  }

  /** Subjects of active events of this kind. */
  openEvents(kind: AlertView['kind']): string[] {
    return [...this.#bySubject.values()]
      .filter((alert) => alert.kind === kind && alert.active && alert.isEvent)
      .map(({ subject }) => subject)
  }

  /** Whether it holds now; null: it does not. Said as often as one likes, told when it changes. */
  holds(subject: string, content: AlertContent | null): void {
    const known = this.#bySubject.get(subject)
    if (!content) {
      if (known?.active) this.#end(known)
      return
    }
    const nowMs = this.#parts.clock.wallMs()
    const isSame = known && (known.active || nowMs - known.endedAtMs! < SAME_ALERT_MS)
    if (!isSame) this.#raise(subject, content, false)
    else if (!known.active || known.level !== content.level)
      this.#change({ ...known, ...content, active: true, endedAtMs: null })
  }

  /** Once, however often it is said. */
  happened(subject: string, content: AlertContent): void {
    if (!this.#bySubject.has(subject)) this.#raise(subject, content, true)
  }

  /** Of an event: nothing is left to look at. */
  settled(subject: string): void {
    const known = this.#bySubject.get(subject)
    if (known?.active) this.#end(known)
  }

  /** Events that were a day ago are over. */
  pass(): void {
    const before = this.#parts.clock.wallMs() - EVENT_ACTIVE_MS
    for (const alert of this.#kept.values())
      if (alert.active && alert.isEvent && alert.atMs < before) this.#end(alert)
  }

  #raise(subject: string, content: AlertContent, isEvent: boolean): void {
    const atMs = this.#parts.clock.wallMs()
    this.#parts.telemetry.count('alerts_raised', { kind: content.kind })
    this.#change({
      ...content,
      id: `${subject}@${atMs}`,
      atMs,
      active: true,
      subject,
      endedAtMs: null,
      isEvent,
    })
  }

  #end(alert: Alert): void {
    this.#change({ ...alert, active: false, endedAtMs: this.#parts.clock.wallMs() })
  }

  #change(alert: Alert): void {
    const { storage, telemetry, changed } = this.#parts
    this.#keep(alert)
    const gone = this.#kept.size > KEPT_ALERTS ? this.#giveWay() : null
    storage
      .commit([alertWrite(alert.id, JSON.stringify(alert)), ...(gone ? [alertWrite(gone.id, null)] : [])])
      .catch((error: unknown) => {
        telemetry.log('warn', 'storage', `an alert was not noted: ${String(error)}`)
      })
    changed(viewOf(alert))
  }

  #keep(alert: Alert): void {
    this.#kept.set(alert.id, alert)
    this.#bySubject.set(alert.subject, alert)
  }

  #giveWay(): Alert {
    const all = [...this.#kept.values()]
    const gone = all.find(({ active }) => !active) ?? all[0]!
    this.#kept.delete(gone.id)
    if (this.#bySubject.get(gone.subject) === gone) this.#bySubject.delete(gone.subject)
    return gone
  }
}

function viewOf({ id, atMs, kind, level, data, active }: Alert): AlertView {
  return { id, atMs, kind, level, data, active }
}

/** null: not what this book writes. */
function decode(json: string): Alert | null {
  try {
    const alert = JSON.parse(json) as Alert
    return typeof alert.id === 'string' && typeof alert.subject === 'string' ? alert : null
  } catch {
    return null
  }
}
