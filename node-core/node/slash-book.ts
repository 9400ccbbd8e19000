/**
 * Slashes as blocks carried them out, with the evidence that a transaction of the block brought. The state lists those of the
 * newest epoch that has any; this is what a node has lived through. Durable, bounded.
 */

import { toHex } from '../lib/bytes.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { formatAddress } from '../protocol/address.ts'
import type { Block } from '../protocol/block.ts'
import type { Address } from '../protocol/ids.ts'
import { SLASHES_KEY } from '../state/keys.ts'
import type { Slash } from '../state/records.ts'
import type { Chain, Decided } from './chain.ts'
import type { SlashView } from './node-api.ts'
import { loadSlashes, slashWrite } from './repositories.ts'

/** The oldest gives way. */
export const KEPT_SLASHES = 256

interface Noted extends SlashView {
  readonly validator: Address
}

export class SlashBook {
  readonly #chain: Chain
  readonly #storage: Storage
  readonly #telemetry: Telemetry
  /** By place in the store, oldest first. */
  readonly #kept = new Map<string, Noted>()

  constructor(parts: { readonly chain: Chain; readonly storage: Storage; readonly telemetry: Telemetry }) {
    this.#chain = parts.chain
    this.#storage = parts.storage
    this.#telemetry = parts.telemetry
  }

  async open(): Promise<void> {
    const stored = await loadSlashes(this.#storage, KEPT_SLASHES)
    for (const noted of stored.flatMap((json) => decode(json) ?? [])) this.#kept.set(placeOf(noted), noted)
  }

  /** A block joined the chain; the state may be ahead of it. */
  decided({ block }: Decided): void {
    const { height, timestampMs } = block.header
    for (const slash of this.#chain.state.get(SLASHES_KEY)?.slashes ?? []) {
      if (slash.height === height) this.#note({ ...viewOf(slash, block), atMs: timestampMs })
    }
  }

  /** Newest first. */
  of(validator: Address): SlashView[] {
    return [...this.#kept.values()]
      .filter((noted) => noted.validator === validator)
      .map(({ validator: _, ...view }) => view)
      .reverse()
  }

  #note(noted: Noted): void {
    const place = placeOf(noted)
    if (this.#kept.has(place)) return
    this.#kept.set(place, noted)
    const writes = [slashWrite(place, JSON.stringify(noted))]
    if (this.#kept.size > KEPT_SLASHES) {
      const oldest = this.#kept.keys().next().value!
      this.#kept.delete(oldest)
      writes.push(slashWrite(oldest, null))
    }
    this.#storage.commit(writes).catch((error: unknown) => {
      this.#telemetry.log('warn', 'economy', `a slash was not stored: ${String(error)}`)
    })
  }
}

/** In the order of heights, one place a validator and offence. */
function placeOf({ height, validator, offence }: Noted): string {
  return `${String(height).padStart(16, '0')} ${validator} ${offence}`
}

function viewOf(slash: Slash, block: Block): Omit<Noted, 'atMs'> {
  const { validator, offence, height, fraction, amount, reporter } = slash
  return {
    validator,
    height,
    offence,
    fraction,
    amount: String(amount),
    reporter: reporter && formatAddress(reporter),
    proof: reporter && proofBy(reporter, block),
  }
}

/** null: it is not a transaction of its own, or not the only one of that sender. */
function proofBy(reporter: Address, { body }: Block): string | null {
  const proofs = body.transactions.flatMap(({ sender, payload }) =>
    sender === reporter && payload.type === 'evidence.submit' ? [payload.proof] : [],
  )
  return proofs.length === 1 ? toHex(proofs[0]!) : null
}

/** null: not what this book writes. */
function decode(json: string): Noted | null {
  try {
    const noted = JSON.parse(json) as Noted
    const { height, validator, offence } = noted
    return Number.isSafeInteger(height) && typeof validator === 'string' && typeof offence === 'string'
      ? noted
      : null
  } catch {
    return null
  }
}
