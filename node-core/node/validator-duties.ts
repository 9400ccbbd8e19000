/**
 * What a validator's node does by itself on the chain: say once an epoch that it is awake, while it waits to enter, and send
 * what it can prove of others.
 */
import type { Address, Epoch } from '../protocol/ids.ts'
import { validatorKey } from '../state/keys.ts'
import { epochOf } from '../state/validator-sets.ts'
import { EvidenceReporter, type SubmitPayload } from './evidence-reporter.ts'
import type { LiveNode } from './live-node.ts'
import { setsOf, stateOf } from './views/validator-view.ts'

export class ValidatorDuties {
  readonly #node: LiveNode
  readonly #submit: SubmitPayload
  readonly #evidence: EvidenceReporter
  #readySaidIn: Epoch | null = null
  #stop: () => void

  constructor(node: LiveNode, submit: SubmitPayload) {
    this.#node = node
    this.#submit = submit
    this.#evidence = new EvidenceReporter(node, submit)
    const look = () => this.#look()
    this.#stop = node.listen({ decided: look, status: look, evidence: look })
    this.#look()
  }

  stop(): void {
    this.#stop()
  }

  /** A node that follows the head knows what is punished, and only one that does may enter: a sleeping entrant slows the chain. */
  #look(): void {
    const { identity, caughtUp } = this.#node
    if (!identity || !caughtUp) return
    this.#evidence.look(identity.address)
    this.#sayReady(identity)
  }

  #sayReady(identity: { readonly address: Address }): void {
    const { chain, options } = this.#node
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
