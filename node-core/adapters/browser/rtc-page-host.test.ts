import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type PageMessage, postToPage } from './rtc-messages.ts'
import { hostPeerConnections, type PeerConnectionHost } from './rtc-page-host.ts'

/** As Firefox does it: closing fires no event, and then the descriptions can no longer be read. */
class FirefoxConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new'
  readonly iceConnectionState: RTCIceConnectionState = 'new'
  readonly iceGatheringState: RTCIceGatheringState = 'new'
  signalingState: RTCSignalingState = 'stable'
  sctp: EventTarget & { state: RTCSctpTransportState } = Object.assign(new EventTarget(), {
    state: 'connected' as const,
  })

  constructor() {
    super()
    made = this
  }

  get localDescription(): RTCSessionDescription | null {
    if (this.signalingState === 'closed')
      throw new DOMException('Peer connection is closed', 'InvalidStateError')
    return null
  }

  get remoteDescription(): RTCSessionDescription | null {
    return this.localDescription
  }

  close(): void {
    this.connectionState = 'closed'
    this.signalingState = 'closed'
  }

  /** The other side is there, and then ends the association. */
  comeAndGo(): void {
    this.connectionState = 'connected'
    this.dispatchEvent(new Event('connectionstatechange'))
    this.sctp.state = 'closed'
    this.sctp.dispatchEvent(new Event('statechange'))
  }
}

let made: FirefoxConnection
let host: PeerConnectionHost
let worker: MessagePort
let states: AsyncGenerator<RTCPeerConnectionState>

beforeEach(async () => {
  vi.stubGlobal('RTCPeerConnection', FirefoxConnection)
  vi.stubGlobal('addEventListener', () => undefined)
  const { port1, port2 } = new MessageChannel()
  worker = port2
  host = await hostPeerConnections(port1, { bridge: 'transferred' })
  states = connectionStates(worker)
  postToPage(worker, {
    type: 'create-connection',
    connection: 1,
    configuration: { iceServers: [], certificates: [] },
  })
  await vi.waitFor(() => expect(host.size()).toBe(1))
})

afterEach(() => {
  worker.close()
  vi.unstubAllGlobals()
})

async function* connectionStates(port: MessagePort): AsyncGenerator<RTCPeerConnectionState> {
  const arrived: RTCPeerConnectionState[] = []
  let wake = () => {}
  port.onmessage = ({ data }: MessageEvent<PageMessage>) => {
    if (data.type === 'state') arrived.push(data.state.connectionState)
    wake()
  }
  for (;;) {
    const state = arrived.shift()
    if (state !== undefined) yield state
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

it('tells the worker that it closed a connection, whatever can still be read of it', async () => {
  postToPage(worker, { type: 'close-connection', connection: 1 })
  expect((await states.next()).value).toBe('closed')
  expect(host.size()).toBe(0)
})

it('tells the worker of a peer that left', async () => {
  made.comeAndGo()
  expect((await states.next()).value).toBe('connected')
  expect((await states.next()).value).toBe('closed')
})
