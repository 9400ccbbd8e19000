/** One honest replica of the implementation with its disk, driven by the steps of the model. */
import { type GuardedMessage, markVerified, type VerifiedMessage } from '../../protocol/messages.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import { GENESIS_MS, member, PARAMETERS } from '../builders.test-kit.ts'
import type { Effect, SigningOrder } from '../effect.ts'
import { decodeGuardRecord, encodeGuardRecord, recordAfter } from '../guard-record.ts'
import type { Input } from '../input.ts'
import { createReplica, type GuardRecord, type ReplicaState } from '../replica-state.ts'
import { started } from '../script.test-kit.ts'
import { step } from '../step.ts'
import { roundDeadlineMs } from '../timers.ts'
import { blockIdOf, blockOf, indexOf, isInvalid, NONE, valueOfBlock } from './projection.test-kit.ts'

const SIGNATURE = new Uint8Array(64)

/** The body of this block was found and judged. */
export function blockChecked(value: number): Input {
  const result = isInvalid(value)
    ? ({ verdict: 'invalid', code: 'invalid-in-model' } as const)
    : ({ verdict: 'valid' } as const)
  return { type: 'block-checked', blockId: blockIdOf(value), result, block: blockOf(value) }
}

export class ReplayedReplica {
  readonly #self: number
  readonly #set: ValidatorSet
  state: ReplicaState
  record: GuardRecord | null = null
  decided = NONE
  readonly accused: number[] = []
  refusals = 0
  #orders: SigningOrder[] = []
  #nowMs = 0

  constructor(self: number, set: ValidatorSet) {
    this.#self = self
    this.#set = set
    this.state = this.#create()
  }

  #create(): ReplicaState {
    const decoded = this.record && decodeGuardRecord(encodeGuardRecord(this.record))
    if (decoded && !decoded.ok) throw new Error(`the record cannot be read back: ${decoded.detail}`)
    return createReplica({
      self: member(this.#self),
      chainId: 'test',
      parameters: PARAMETERS,
      restored: decoded ? decoded.value : null,
      signFromHeight: null,
    })
  }

  /** A first start, or one after a crash. Returns what it sends. */
  start(): VerifiedMessage[] {
    this.state = this.#create()
    this.#orders = []
    return this.tell(started({ validators: this.#set }))
  }

  /** Checks of blocks are answered at once, all else when the model says so. Returns what it sends. */
  tell(input: Input): VerifiedMessage[] {
    const at = { wallMs: GENESIS_MS + PARAMETERS.blockTimeMs, monotonicMs: this.#nowMs }
    const { state, effects } = step(this.state, { at, input })
    this.state = state
    for (const effect of effects) this.#carryOut(effect)
    const sent = effects.flatMap((effect) => (effect.type === 'broadcast' ? [effect.message] : []))
    const checks = effects.filter((effect) => effect.type === 'check-block')
    return [...sent, ...checks.flatMap(({ blockId }) => this.tell(blockChecked(valueOfBlock(blockId))))]
  }

  #carryOut(effect: Effect): void {
    if (effect.type === 'sign-and-persist') this.#orders.push(effect.order)
    if (effect.type === 'decide') this.decided = valueOfBlock(effect.blockId)
    if (effect.type === 'evidence-found') this.accused.push(indexOf(effect.first.sender))
    if (effect.type === 'note' && effect.note.kind === 'signing-refused') this.refusals++
    if (effect.type === 'halt') throw new Error(`the replica stops: ${effect.code}`)
  }

  timeOut(): VerifiedMessage[] {
    const deadlineMs = roundDeadlineMs(this.state)
    if (deadlineMs === null) throw new Error('no round timer runs')
    this.#nowMs = Math.max(this.#nowMs, deadlineMs)
    return this.tell({ type: 'clock-advanced' })
  }

  /** Makes the first order durable. */
  write(): VerifiedMessage<GuardedMessage> {
    const order = this.#orders.shift()
    if (!order) throw new Error('nothing was ordered')
    const message = markVerified({ ...order.message, signature: SIGNATURE } as GuardedMessage)
    this.record = recordAfter(this.record, order, message)
    return message
  }
}
