/** The core engine's world with gossip in the place of direct messages: each node passes on what it had not seen. */
import type { Height } from '../../protocol/ids.ts'
import type { VerifiedMessage } from '../../protocol/messages.ts'
import { CoreWorld } from '../core/core-world.ts'
import type { DecidedBlock, Envelope } from '../core/envelope.ts'
import type { CoreReplica } from '../core/replica.ts'
import type { Scenario } from '../scenario.ts'
import { meshLinks } from './mesh-links.ts'

/** Decoding and verifying before a message is passed on, ms. */
const PASS_ON_MS = 2

export class MeshWorld extends CoreWorld {
  readonly neighbours: readonly Uint16Array[]
  /** Copies that came to a node which had the message already: counted, not delivered. */
  duplicates = 0

  constructor(scenario: Scenario) {
    super(scenario, {})
    const { powers, followers } = scenario
    this.neighbours = meshLinks(powers.length + followers, powers.length, this.random)
  }

  override broadcast(from: CoreReplica, message: VerifiedMessage) {
    this.checkers.onSent(message)
    this.#gossip(from.index, {
      kind: 'message',
      message,
      hasBody: from.sendsBodyOf(message),
      forged: false,
    })
  }

  override announce(from: CoreReplica, decided: DecidedBlock) {
    const { height } = decided.block.header
    this.#gossip(from.index, { kind: 'decided', height, decided, forged: false })
  }

  override ask(asker: number, fromHeight: Height) {
    for (const to of this.neighbours[asker]!) this.post(asker, to, { kind: 'request', fromHeight, asker })
  }

  /** A node takes the first copy that is on its way to it; later ones are no events. */
  #gossip(origin: number, envelope: Envelope): void {
    const seen = new Uint8Array(this.replicas.length)
    seen[origin] = 1
    const passOn = (from: number) => {
      for (const to of this.neighbours[from]!) {
        if (seen[to] !== 0) {
          this.duplicates++
          continue
        }
        const delayMs = this.links.delayMs(from, to)
        if (delayMs === null) continue
        seen[to] = 1
        this.messages++
        this.after(PASS_ON_MS + delayMs, () => {
          passOn(to)
          this.replicas[to]!.receive(envelope)
        })
      }
    }
    passOn(origin)
  }
}
