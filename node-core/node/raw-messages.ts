/** The signed messages of the last heights as bytes, within a budget: for people to open. */
import { equalBytes } from '../lib/bytes.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Address, Height, Round } from '../protocol/ids.ts'
import type { ConsensusMessage } from '../protocol/messages.ts'
import { RECORDED_COPIES } from './constants.ts'

export interface RawMessage {
  readonly type: ConsensusMessage['type']
  readonly round: Round
  readonly sender: Address
  readonly atMonotonicMs: number
  readonly bytes: Uint8Array
}

export class RawMessages {
  readonly #budgetBytes: number
  /** Oldest height first. */
  readonly #byHeight = new Map<Height, RawMessage[]>()
  #bytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** null: none is held. */
  get oldestHeight(): Height | null {
    return this.#byHeight.keys().next().value ?? null
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes
  }

  /** Repetitions, more than RECORDED_COPIES of one kind, and what comes late for a height that was given up are left out. */
  add(message: ConsensusMessage, atMonotonicMs: number): void {
    const { type, round, sender, height } = message
    if (height < (this.oldestHeight ?? 0)) return
    const held = this.#byHeight.get(height) ?? []
    const copies = held.filter((each) => each.type === type && each.round === round && each.sender === sender)
    if (copies.length >= RECORDED_COPIES) return
    const bytes = encodeConsensusMessage(message)
    if (copies.some((each) => equalBytes(each.bytes, bytes))) return
    held.push({ type, round, sender, atMonotonicMs, bytes })
    this.#byHeight.set(height, held)
    this.#bytes += bytes.length
    while (this.#bytes > this.#budgetBytes) this.forget(this.#byHeight.keys().next().value!)
  }

  /** In the order of arrival. */
  of(height: Height, round: Round): readonly RawMessage[] {
    return this.#byHeight.get(height)?.filter((each) => each.round === round) ?? []
  }

  forget(height: Height): void {
    for (const { bytes } of this.#byHeight.get(height) ?? []) this.#bytes -= bytes.length
    this.#byHeight.delete(height)
  }
}
