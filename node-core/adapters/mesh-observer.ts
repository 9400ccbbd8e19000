/**
 * A node of the observer's kind: in the mesh, without a chain of its own. It follows certified headers and checks what peers
 * prove under them, so it costs a phone next to nothing; whoever tells it something that does not hold is asked no more.
 *
 *   const observer = createMeshObserver({ network, genesis, clock })
 *   const account = await observer.ask((client) => client.verifyAccount('ait1…'))
 */
import type { LightFault, LightResult } from '../light/fault.ts'
import { askObserved } from '../node/observe-protocol.ts'
import type { Clock } from '../ports/clock.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Genesis } from '../protocol/genesis.ts'
import { createLightClient, type LightClient } from './light-client.ts'

export interface MeshObserver {
  /**
   * The first answer that holds, from the connected peers in turn. Rejects with 'no-source' where nobody connected could
   * answer; the data says who was refused and why.
   */
  ask<T>(question: (client: LightClient) => Promise<LightResult<T>>): Promise<T>
  /** Who gave something that does not hold, with the first fault of each. */
  readonly refused: ReadonlyMap<PeerId, LightFault>
}

export interface MeshObserverOptions {
  readonly network: Network
  readonly genesis: Genesis
  readonly clock: Clock
}

export function createMeshObserver({ network, genesis, clock }: MeshObserverOptions): MeshObserver {
  const refused = new Map<PeerId, LightFault>()
  let asked: PeerId = network.self
  let running: Promise<unknown> = Promise.resolve()
  const client = createLightClient({
    call: (method, params) => askObserved(network, asked, method, params),
    start: { genesis },
    nowMs: () => clock.wallMs(),
  })

  async function first<T>(question: (client: LightClient) => Promise<LightResult<T>>): Promise<T> {
    for (const peer of directPeers(network)) {
      if (refused.has(peer)) continue
      asked = peer
      // A peer that is gone, or does not have it, says nothing about the others.
      const answer = await question(client).catch(() => null)
      if (answer?.ok) return answer.value
      if (answer && answer.fault.code !== 'unavailable') refused.set(peer, answer.fault)
    }
    throw new CodedError('no-source', {
      refused: [...refused].map(([peer, { code }]) => ({ peer, code })),
    })
  }

  return {
    refused,
    ask(question) {
      const answer = running.then(() => first(question))
      running = answer.catch(() => undefined)
      return answer
    },
  }
}

function directPeers(network: Network): PeerId[] {
  const direct = network.connections().filter((connection) => !connection.relayed)
  return [...new Set(direct.map((connection) => connection.peer))]
}
