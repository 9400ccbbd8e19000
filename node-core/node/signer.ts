/** Carries out signing orders one after another: sign, make the guard's record durable, and only then hand the message out. */

import type { SigningOrder } from '../consensus/effect.ts'
import { decodeGuardRecord, encodeGuardRecord, recordAfter } from '../consensus/guard-record.ts'
import type { GuardRecord } from '../consensus/replica-state.ts'
import { assert } from '../lib/assert.ts'
import type { Clock } from '../ports/clock.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { SigningKey } from '../ports/crypto.ts'
import type { Journal } from '../ports/storage.ts'
import { messageSigningBytes } from '../protocol/hash.ts'
import type { ChainId, TimestampMs } from '../protocol/ids.ts'
import {
  type ConsensusMessage,
  type GuardedMessage,
  markVerified,
  type Reject,
  type Unsigned,
  type VerifiedMessage,
} from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { HeightSet } from './message-verifier.ts'
import { decodeList, encodeList } from './wire-protocols.ts'

/** The journal is made short at the first order of a height once it is longer than this. */
const COMPACT_AFTER_RECORDS = 64
/** Stands last in a journal record: what comes before it was given to another node. */
const EXPORTED = Uint8Array.of(1)

export interface Restored {
  readonly record: GuardRecord | null
  /** Canonical bytes of the prepared block's transactions; empty when nothing is prepared. */
  readonly preparedBody: readonly Uint8Array[]
  /** What was signed before is not known: nothing may be signed until the lost-record rule allows it. */
  readonly lost: boolean
  /** The record was given away: another node may sign with it, and this one may not until a person says so. */
  readonly exported: boolean
}

/** Why the last order could not be carried out. */
export interface SigningTrouble {
  /** A StorageErrorCode, or 'key-failed'. */
  readonly code: string
  readonly sinceMs: TimestampMs
}

export class Signer {
  readonly #chainId: ChainId
  readonly #keyIn: (set: ValidatorSet) => SigningKey | null
  readonly #journal: Journal
  readonly #clock: Clock
  #record: GuardRecord | null
  #preparedBody: readonly Uint8Array[]
  #records = 0
  #barred = false
  #trouble: SigningTrouble | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: {
    chainId: ChainId
    /** The one that signs under a set; null: none that is held here does. */
    keyIn: (set: ValidatorSet) => SigningKey | null
    journal: Journal
    clock: Clock
    restored: Restored
  }) {
    this.#clock = options.clock
    this.#chainId = options.chainId
    this.#keyIn = options.keyIn
    this.#journal = options.journal
    this.#record = options.restored.record
    this.#preparedBody = options.restored.preparedBody
  }

  /** As it is durable. */
  get record(): GuardRecord | null {
    return this.#record
  }

  /** null: the last order was carried out. */
  get trouble(): SigningTrouble | null {
    return this.#trouble
  }

  /** Signs nothing more, REJECTs and orders given before included. */
  bar(): void {
    this.#barred = true
  }

  /**
   * `body`: canonical bytes of the prepared block's transactions, when the order carries one; null: the stored body is it. Rejects when signing or writing failed;
   * then nothing left the process.
   */
  carryOut(
    order: SigningOrder,
    at: HeightSet,
    body: readonly Uint8Array[] | null,
  ): Promise<VerifiedMessage<GuardedMessage>> {
    const result = this.#queue.then(async () => {
      if (this.#barred) throw new CodedError('signing-barred')
      const signed = markVerified(await this.#sign(order.message, at)) as VerifiedMessage<GuardedMessage>
      const record = recordAfter(this.#record, order, signed)
      const newHeight = this.#record?.position.height !== record.position.height
      const preparedBody = order.prepared && body ? body : newHeight ? [] : this.#preparedBody
      const bytes = encodeList([encodeGuardRecord(record), encodeList(preparedBody)])
      if (newHeight && this.#records >= COMPACT_AFTER_RECORDS) {
        await this.#journal.replace(bytes)
        this.#records = 1
      } else {
        await this.#journal.append(bytes)
        this.#records++
      }
      this.#record = record
      this.#preparedBody = preparedBody
      // Durable, and so never signed otherwise; but it must not leave any more.
      if (this.#barred) throw new CodedError('signing-barred')
      return signed
    })
    this.#queue = result.then(
      () => this.#become(null),
      (error: unknown) => this.#become(error),
    )
    return result
  }

  /** Outside the guard's order: a REJECT accuses nobody of two things. */
  async signReject(message: Unsigned<Reject>, at: HeightSet): Promise<VerifiedMessage<Reject>> {
    if (this.#barred) throw new CodedError('signing-barred')
    return this.#sign(message, at).then((signed) => markVerified(signed) as VerifiedMessage<Reject>)
  }

  /** Resolves when every order so far is carried out or has failed. */
  async settle(): Promise<void> {
    await this.#queue
  }

  #become(error: unknown): void {
    const code = error === null ? null : error instanceof CodedError ? error.code : 'key-failed'
    if (code === 'signing-barred' || code === (this.#trouble?.code ?? null)) return
    this.#trouble = code && { code, sinceMs: this.#clock.wallMs() }
  }

  async #sign<M extends Unsigned<ConsensusMessage>>(message: M, at: HeightSet): Promise<ConsensusMessage> {
    const key = this.#keyIn(at.set)
    if (!key) throw new CodedError('key-failed', { height: message.height })
    const signature = await key.sign(messageSigningBytes(this.#chainId, at.hash, message))
    return { ...message, signature } as unknown as ConsensusMessage
  }
}

/** Written when a key is made: from then on an empty journal means that its record was lost, not that it never signed. */
export async function beginSigningRecord(journal: Journal): Promise<void> {
  if ((await journal.read()).length === 0) await journal.append(encodeList([]))
}

/** Makes this the whole record. No signer may use the journal meanwhile. */
export async function replaceRecord(journal: Journal, record: GuardRecord): Promise<void> {
  await journal.replace(encodeList([encodeGuardRecord(record), encodeList([])]))
}

/** Makes the same record one that was given away, or this node's again. It is not lost, and no signer uses the journal. */
export async function markExported(journal: Journal, exported: boolean): Promise<void> {
  const { parts } = await readNewest(journal)
  assert(parts, 'a lost record is not given away')
  await journal.append(encodeList(exported ? [...parts, EXPORTED] : parts))
}

/** Never guesses: what cannot be read is lost. Rejects when the journal itself cannot be read. */
export async function restoreSigner(journal: Journal): Promise<Restored> {
  const { parts, exported } = await readNewest(journal)
  if (parts?.length === 0) return { record: null, preparedBody: [], lost: false, exported }
  const [recordBytes, bodyBytes] = parts ?? []
  const record = recordBytes && decodeGuardRecord(recordBytes)
  const body = bodyBytes && decodeList(bodyBytes, Number.MAX_SAFE_INTEGER)
  if (!record?.ok || !body) return { record: null, preparedBody: [], lost: true, exported: false }
  return { record: record.value, preparedBody: body, lost: false, exported }
}

/** The record and the prepared body, or neither before the first signature, and whether the mark stands behind them. */
async function readNewest(
  journal: Journal,
): Promise<{ readonly parts: readonly Uint8Array[] | null; readonly exported: boolean }> {
  const newest = (await journal.read()).at(-1)
  const parts = newest && decodeList(newest, 3)
  if (!parts) return { parts: null, exported: false }
  const exported = parts.length % 2 === 1
  return { parts: exported ? parts.slice(0, -1) : parts, exported }
}
