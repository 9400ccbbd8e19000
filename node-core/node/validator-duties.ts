/** What a validator's node does by itself on the chain: say once an epoch that it is awake, while it waits to enter. */
import type { Epoch } from '../protocol/ids.ts'
import type { Payload } from '../protocol/transaction.ts'
import { validatorKey } from '../state/keys.ts'
import { epochOf } from '../state/validator-sets.ts'
import type { LiveNode } from './live-node.ts'
import { setsOf, stateOf } from './views/validator-view.ts'

/** Signs with the account's key and submits; rejects when it was refused. */
export type SubmitPayload = (payload: Payload) => Promise<void>

export class ValidatorDuties {
  readonly #node: LiveNode
  readonly #submit: SubmitPayload
  #readySaidIn: Epoch | null = null
  #stop: () => void

  constructor(node: LiveNode, submit: SubmitPayload) {
    this.#node = node
    this.#submit = submit
    this.#stop = node.listen({ decided: () => this.#look(), status: () => this.#look() })
    this.#look()
  }

  stop(): void {
    this.#stop()
  }

  /** A sleeping entrant would slow the chain, so only a node that follows the head says it is ready. */
  #look(): void {
    const { chain, identity, caughtUp, options } = this.#node
    if (!identity || !caughtUp) return
    const record = chain.state.get(validatorKey(identity.address))
    if (!record || record.jail || stateOf(record, setsOf(this.#node)) !== 'registered') return
    const epoch = epochOf(chain.height + 1, chain.parameters)
    if (record.readyEpoch === epoch || this.#readySaidIn === epoch) return
    this.#readySaidIn = epoch
    this.#submit({ type: 'validator.ready' }).catch((error: unknown) => {
      options.telemetry.log('warn', 'duties', `validator.ready was refused: ${String(error)}`)
    })
  }
}
