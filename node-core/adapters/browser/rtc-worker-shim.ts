/**
 * Gives the node's worker an RTCPeerConnection: a stand-in for one that the page owns. Evaluate this module before
 * @libp2p/webrtc, which keeps the global constructors it finds when it is loaded: the worker's entry imports this file
 * first, calls `connectPageHost`, and only then imports the network dynamically.
 */

import { AttachedChannel, BridgedChannel } from './rtc-channels.ts'
import { type Handler, RtcEventTarget } from './rtc-event-target.ts'
import { INIT_LABEL, InitChannel } from './rtc-init-channel.ts'
import {
  type ByteBridge,
  type PageMessage,
  type PeerConnectionCall,
  type PeerConnectionState,
  postToPage,
  type SessionDescription,
  type WorkerMessage,
} from './rtc-messages.ts'

interface PendingCall {
  resolve(message: Extract<PageMessage, { type: 'call-done' | 'certificate' }>): void
  reject(error: DOMException): void
}

let page: MessagePort | null = null
let bridge: ByteBridge = 'bridged'
let lastName = 0
const connections = new Map<number, WorkerPeerConnection>()
const attaching = new Map<number, AttachedChannel>()
const bridged = new Map<number, BridgedChannel>()
const calls = new Map<number, PendingCall>()

/** Resolves with how bytes will cross, once the page's `hostPeerConnections` has chosen. Call once. */
export function connectPageHost(port: MessagePort): Promise<ByteBridge> {
  page = port
  holdLock(port)
  return new Promise((resolve) => {
    port.addEventListener('message', (event: MessageEvent<PageMessage>) => {
      if (event.data.type === 'bridge-chosen') {
        bridge = event.data.bridge
        resolve(bridge)
      } else received(event.data)
    })
    // A channel that was sent but cannot exist here.
    port.addEventListener('messageerror', () => post({ type: 'trial-answer', transferred: false }))
    port.start()
  })
}

/** The page closes this worker's connections when the lock is free: then the worker is gone. */
function holdLock(port: MessagePort): void {
  const name = `aitbc-rtc-${crypto.randomUUID()}`
  navigator.locks
    .request(name, () => {
      postToPage(port, { type: 'lock-held', name })
      return new Promise(() => {})
    })
    .catch(() => {})
}

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  if (!page) throw new Error('connectPageHost was not called')
  postToPage(page, message, transfer)
}

function nextName(): number {
  lastName += 1
  return lastName
}

function received(message: PageMessage): void {
  switch (message.type) {
    case 'trial':
      answerTrial(message.transferred)
      return
    case 'call-done':
    case 'certificate':
      calls.get(message.call)?.resolve(message)
      calls.delete(message.call)
      return
    case 'call-failed':
      calls.get(message.call)?.reject(new DOMException(message.message, message.name))
      calls.delete(message.call)
      return
    case 'channel-attached':
      attach(message.channel, message.transferred)
      return
    case 'channel-event':
      channelEvent(message)
      return
    case 'state':
    case 'ice-candidate':
    case 'ice-candidate-error':
    case 'incoming-transferred':
    case 'incoming-bridged':
      connections.get(message.connection)?.received(message)
      return
    case 'bridge-chosen':
      return
  }
}

function answerTrial(channel: RTCDataChannel): void {
  const transferred = typeof RTCDataChannel === 'function' && channel instanceof RTCDataChannel
  post({ type: 'trial-answer', transferred: transferred && typeof channel.send === 'function' })
}

function attach(name: number, transferred: RTCDataChannel): void {
  const channel = attaching.get(name)
  attaching.delete(name)
  if (channel) channel.attach(transferred)
  else transferred.close()
}

function channelEvent({ channel, event }: Extract<PageMessage, { type: 'channel-event' }>): void {
  bridged.get(channel)?.received(event)
  if (event.name !== 'close') return
  attaching.get(channel)?.end()
  attaching.delete(channel)
  bridged.delete(channel)
}

type ConnectionMessage = Extract<PageMessage, { readonly connection: number }>

class WorkerPeerConnection extends RtcEventTarget {
  onicecandidate: Handler = null
  onicecandidateerror: Handler = null
  ondatachannel: Handler = null
  onconnectionstatechange: Handler = null
  oniceconnectionstatechange: Handler = null
  onicegatheringstatechange: Handler = null
  onsignalingstatechange: Handler = null
  connectionState: RTCPeerConnectionState = 'new'
  iceConnectionState: RTCIceConnectionState = 'new'
  iceGatheringState: RTCIceGatheringState = 'new'
  signalingState: RTCSignalingState = 'stable'
  localDescription: SessionDescription | null = null
  remoteDescription: SessionDescription | null = null
  readonly #name = nextName()
  readonly #ownChannels = new Set<number>()

  /** The certificate stays on the page; what comes back only names it. */
  static async generateCertificate(
    algorithm: AlgorithmIdentifier,
  ): Promise<{ name: number; expires: number }> {
    const answer = await request((call) => ({ type: 'generate-certificate', call, algorithm }))
    if (answer.type !== 'certificate') throw new DOMException('unexpected answer', 'OperationError')
    return { name: answer.certificate, expires: answer.expires }
  }

  constructor(configuration: RTCConfiguration = {}) {
    super()
    connections.set(this.#name, this)
    const certificates = (configuration.certificates ?? []).map(
      (certificate) => Reflect.get(certificate, 'name') as number,
    )
    const { iceServers = [], iceTransportPolicy } = configuration
    const plain = JSON.parse(JSON.stringify({ iceServers, iceTransportPolicy })) as {
      iceServers: RTCIceServer[]
    }
    post({ type: 'create-connection', connection: this.#name, configuration: { ...plain, certificates } })
  }

  createDataChannel(label: string, init: RTCDataChannelInit = {}): EventTarget {
    if (this.signalingState === 'closed')
      throw new DOMException('the connection is closed', 'InvalidStateError')
    const name = nextName()
    this.#ownChannels.add(name)
    const plain = JSON.parse(JSON.stringify(init)) as RTCDataChannelInit
    const channel = bridge === 'bridged' ? bridgeChannel(name, label, init) : new AttachedChannel(label, init)
    if (channel instanceof AttachedChannel) attaching.set(name, channel)
    channel.addEventListener('close', () => this.#ownChannels.delete(name))
    post({ type: 'create-channel', connection: this.#name, channel: name, label, init: plain })
    return label === INIT_LABEL ? new InitChannel(channel) : channel
  }

  async createOffer(): Promise<SessionDescription> {
    return (await this.#call({ method: 'createOffer' }))!
  }

  async createAnswer(): Promise<SessionDescription> {
    return (await this.#call({ method: 'createAnswer' }))!
  }

  async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    await this.#call({
      method: 'setLocalDescription',
      description: description ? plainDescription(description) : null,
    })
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#call({ method: 'setRemoteDescription', description: plainDescription(description) })
  }

  async addIceCandidate(candidate?: WorkerIceCandidate | RTCIceCandidateInit | null): Promise<void> {
    const plain = candidate instanceof WorkerIceCandidate ? candidate.toJSON() : (candidate ?? null)
    await this.#call({ method: 'addIceCandidate', candidate: plain })
  }

  close(): void {
    if (this.signalingState === 'closed') return
    this.connectionState = 'closed'
    this.iceConnectionState = 'closed'
    this.signalingState = 'closed'
    post({ type: 'close-connection', connection: this.#name })
    this.#forget()
  }

  received(message: ConnectionMessage): void {
    switch (message.type) {
      case 'state': {
        this.#assume(message.state)
        this.emit(message.event)
        if (message.state.connectionState === 'closed') this.#forget()
        return
      }
      case 'ice-candidate': {
        const candidate = message.candidate ? new WorkerIceCandidate(message.candidate) : null
        this.emit('icecandidate', { candidate })
        return
      }
      case 'ice-candidate-error':
        this.emit('icecandidateerror', { errorCode: message.errorCode, errorText: message.errorText })
        return
      case 'incoming-transferred':
        this.emit('datachannel', { channel: message.transferred })
        return
      case 'incoming-bridged': {
        this.#ownChannels.add(message.channel)
        const channel = new BridgedChannel(message, post)
        bridged.set(message.channel, channel)
        channel.addEventListener('close', () => this.#ownChannels.delete(message.channel))
        this.emit('datachannel', { channel })
        return
      }
    }
  }

  async #call(what: PeerConnectionCall): Promise<SessionDescription | null> {
    const answer = await request((call) => ({ type: 'call', call, connection: this.#name, what }))
    if (answer.type !== 'call-done') throw new DOMException('unexpected answer', 'OperationError')
    if (this.signalingState !== 'closed') this.#assume(answer.state)
    return answer.value
  }

  #assume(state: PeerConnectionState): void {
    Object.assign(this, state)
  }

  #forget(): void {
    connections.delete(this.#name)
    for (const name of [...this.#ownChannels]) {
      attaching.get(name)?.end()
      attaching.delete(name)
      bridged.get(name)?.end()
      bridged.delete(name)
    }
  }
}

function bridgeChannel(name: number, label: string, init: RTCDataChannelInit): BridgedChannel {
  const { protocol = '', id = null } = init
  const channel = new BridgedChannel({ channel: name, label, protocol, id, readyState: 'connecting' }, post)
  bridged.set(name, channel)
  return channel
}

function request(
  message: (call: number) => WorkerMessage,
): Promise<Extract<PageMessage, { type: 'call-done' | 'certificate' }>> {
  return new Promise((resolve, reject) => {
    const call = nextName()
    calls.set(call, { resolve, reject })
    post(message(call))
  })
}

function plainDescription(description: RTCSessionDescriptionInit): SessionDescription {
  return { type: description.type, sdp: description.sdp ?? '' }
}

class WorkerIceCandidate {
  readonly candidate: string
  readonly sdpMid: string | null
  readonly sdpMLineIndex: number | null
  readonly usernameFragment: string | null

  constructor(init: RTCIceCandidateInit) {
    this.candidate = init.candidate ?? ''
    this.sdpMid = init.sdpMid ?? null
    this.sdpMLineIndex = init.sdpMLineIndex ?? null
    this.usernameFragment = init.usernameFragment ?? null
  }

  toJSON(): RTCIceCandidateInit {
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = this
    return { candidate, sdpMid, sdpMLineIndex, usernameFragment }
  }
}

class WorkerSessionDescription {
  readonly type: RTCSdpType
  readonly sdp: string

  constructor(init: RTCSessionDescriptionInit) {
    this.type = init.type
    this.sdp = init.sdp ?? ''
  }

  toJSON(): SessionDescription {
    return { type: this.type, sdp: this.sdp }
  }
}

if ('WorkerGlobalScope' in globalThis && !('RTCPeerConnection' in globalThis)) {
  Object.assign(globalThis, {
    RTCPeerConnection: WorkerPeerConnection,
    RTCIceCandidate: WorkerIceCandidate,
    RTCSessionDescription: WorkerSessionDescription,
  })
}
