/** What the test asks of a peer, in a tab's worker or in a Node process. */
import type { Network, PeerConnection } from '../../node-core/ports/network.ts'

export interface PeerSnapshot {
  readonly self: string
  readonly links: readonly Pick<PeerConnection, 'peer' | 'transport' | 'relayed' | 'bytesIn' | 'bytesOut'>[]
  readonly relays: readonly boolean[]
  readonly subscribers: readonly string[]
  /** Gossip heard, with the wall time in ms. */
  readonly heard: readonly { readonly text: string; readonly atMs: number }[]
}

export type PeerCommand =
  | { readonly type: 'snapshot' }
  | { readonly type: 'publish'; readonly text: string }
  /** Answered once this many are linked directly. */
  | { readonly type: 'until-links'; readonly count: number }
  | { readonly type: 'echo'; readonly peer: string; readonly bytes: number }

export interface PeerAgent {
  run(command: PeerCommand): Promise<PeerSnapshot>
}

const ECHO = 'echo/1'
const ECHO_TIMEOUT_MS = 20_000

/** Call before the network's start. */
export function createPeerAgent(network: Network): PeerAgent {
  const heard: { text: string; atMs: number }[] = []
  network.onGossip(async (_topic, bytes) => {
    heard.push({ text: new TextDecoder().decode(bytes), atMs: Date.now() })
    return 'accept'
  })
  // The answer is a megabyte for each byte of the request.
  network.handle(ECHO, async (request) => new Uint8Array(request.length * 1024 * 1024).fill(7))
  const snapshot = (): PeerSnapshot => ({
    self: network.self,
    links: network.connections().map(({ peer, transport, relayed, bytesIn, bytesOut }) => ({
      peer,
      transport,
      relayed,
      bytesIn,
      bytesOut,
    })),
    relays: network.relays().map(({ connected }) => connected),
    subscribers: network.subscribers('consensus'),
    heard,
  })
  return {
    run: async (command) => {
      if (command.type === 'publish')
        await network.publish('consensus', new TextEncoder().encode(command.text))
      if (command.type === 'until-links') await untilLinks(network, command.count)
      if (command.type === 'echo') {
        const request = new Uint8Array(command.bytes)
        const response = await network.request(command.peer, ECHO, request, { timeoutMs: ECHO_TIMEOUT_MS })
        if (response.length !== command.bytes * 1024 * 1024 || response.some((byte) => byte !== 7))
          throw new Error(`bad echo of ${response.length} bytes`)
      }
      return snapshot()
    },
  }
}

function untilLinks(network: Network, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (network.connections().filter(({ relayed }) => !relayed).length !== count) return
      stop()
      resolve()
    }
    const stop = network.on(look)
    look()
  })
}
