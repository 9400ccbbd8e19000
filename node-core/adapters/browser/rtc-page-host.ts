/**
 * The page's side: owns the RTCPeerConnections of one worker, which cannot make them itself. Their data channels are
 * moved to the worker where that works, so that a busy page delays new connections but no bytes.
 */
import {
  type ByteBridge,
  type ConnectionConfiguration,
  type PeerConnectionCall,
  type PeerConnectionState,
  postToWorker,
  type SessionDescription,
  type StateEvent,
  type WorkerMessage,
} from './rtc-messages.ts'
import { chooseByteBridge } from './rtc-trial.ts'

export interface PeerConnectionHost {
  readonly bridge: ByteBridge
  /** Connections open now. */
  size(): number
  closeAll(): void
}

export interface PeerConnectionHostOptions {
  /** Chosen by a trial where it is left out. */
  readonly bridge?: ByteBridge
  /** The worker ended; its connections are closed already. */
  readonly onWorkerGone?: () => void
}

/** Resolves when the worker knows how bytes will cross. Closes everything when the page or the worker goes away. */
export async function hostPeerConnections(
  port: MessagePort,
  options: PeerConnectionHostOptions = {},
): Promise<PeerConnectionHost> {
  const host = new PageHost(port)
  let gone = false
  const workerGone = () => {
    if (gone) return
    gone = true
    host.closeAll()
    options.onWorkerGone?.()
  }
  port.addEventListener('message', (event: MessageEvent<WorkerMessage>) => {
    if (event.data.type === 'lock-held') awaitLock(event.data.name, workerGone)
    else host.received(event.data)
  })
  port.addEventListener('close', workerGone)
  // Without it, others notice a closed tab only when ICE gives up, after about 14 s.
  addEventListener('pagehide', () => host.closeAll())
  port.start()
  host.bridge = options.bridge ?? (await chooseByteBridge(port))
  postToWorker(port, { type: 'bridge-chosen', bridge: host.bridge })
  return host
}

/** The worker holds the lock until it ends, however it ends. */
function awaitLock(name: string, released: () => void): void {
  navigator.locks.request(name, released).catch(() => {})
}

const STATE_EVENTS: readonly StateEvent[] = [
  'connectionstatechange',
  'iceconnectionstatechange',
  'icegatheringstatechange',
  'signalingstatechange',
]

class PageHost implements PeerConnectionHost {
  bridge: ByteBridge = 'bridged'
  readonly #port: MessagePort
  readonly #connections = new Map<number, RTCPeerConnection>()
  readonly #certificates = new Map<number, RTCCertificate>()
  /** Bridged channels with the connection they belong to. */
  readonly #channels = new Map<number, { readonly channel: RTCDataChannel; readonly connection: number }>()
  #lastName = 0

  constructor(port: MessagePort) {
    this.#port = port
  }

  size(): number {
    return this.#connections.size
  }

  closeAll(): void {
    for (const name of [...this.#connections.keys()]) this.#close(name)
  }

  received(message: WorkerMessage): void {
    switch (message.type) {
      case 'create-connection':
        this.#create(message.connection, message.configuration)
        return
      case 'close-connection':
        this.#close(message.connection)
        return
      case 'call':
        return void this.#call(message.call, message.connection, message.what)
      case 'generate-certificate':
        return void this.#generateCertificate(message.call, message.algorithm)
      case 'create-channel':
        this.#createChannel(message.connection, message.channel, message.label, message.init)
        return
      case 'send':
        this.#send(message.channel, message.bytes)
        return
      case 'set-low-threshold': {
        const channel = this.#channels.get(message.channel)?.channel
        if (channel) channel.bufferedAmountLowThreshold = message.bytes
        return
      }
      case 'close-channel':
        this.#channels.get(message.channel)?.channel.close()
        return
      case 'trial-answer':
      case 'lock-held':
        return
    }
  }

  #create(name: number, configuration: ConnectionConfiguration): void {
    const { certificates, iceServers, ...rest } = configuration
    const known = certificates
      .map((certificate) => this.#certificates.get(certificate))
      .filter((found) => found !== undefined)
    const connection = new RTCPeerConnection({
      ...rest,
      iceServers: [...iceServers],
      ...(known.length > 0 ? { certificates: known } : {}),
    })
    this.#connections.set(name, connection)
    for (const event of STATE_EVENTS)
      connection.addEventListener(event, () => this.#postState(name, connection, event))
    connection.addEventListener('icecandidate', ({ candidate }) =>
      postToWorker(this.#port, {
        type: 'ice-candidate',
        connection: name,
        candidate: candidate?.toJSON() ?? null,
      }),
    )
    connection.addEventListener('icecandidateerror', ({ errorCode, errorText }) =>
      postToWorker(this.#port, { type: 'ice-candidate-error', connection: name, errorCode, errorText }),
    )
    connection.addEventListener('datachannel', ({ channel }) => this.#incoming(name, channel))
    this.#watchAssociation(name, connection)
  }

  /** A peer that leaves ends its SCTP association at once; ICE would notice only after about 14 s. */
  #watchAssociation(name: number, connection: RTCPeerConnection): void {
    let watched = false
    connection.addEventListener('connectionstatechange', () => {
      const { sctp } = connection
      if (watched || !sctp || connection.connectionState !== 'connected') return
      watched = true
      sctp.addEventListener('statechange', () => {
        if (sctp.state === 'closed') this.#close(name)
      })
    })
  }

  /** Closing fires no event here, so the worker is told. */
  #close(name: number): void {
    const connection = this.#connections.get(name)
    if (!connection) return
    this.#connections.delete(name)
    connection.close()
    for (const [channelName, { connection: owner }] of [...this.#channels])
      if (owner === name) this.#channelClosed(channelName)
    this.#postState(name, connection, 'connectionstatechange')
  }

  async #call(call: number, name: number, what: PeerConnectionCall): Promise<void> {
    const connection = this.#connections.get(name)
    if (!connection) {
      postToWorker(this.#port, {
        type: 'call-failed',
        call,
        name: 'InvalidStateError',
        message: 'the connection is closed',
      })
      return
    }
    try {
      const value = await perform(connection, what)
      postToWorker(this.#port, { type: 'call-done', call, value, state: stateOf(connection) })
    } catch (error) {
      postToWorker(this.#port, { type: 'call-failed', call, ...describeError(error) })
    }
  }

  async #generateCertificate(call: number, algorithm: AlgorithmIdentifier): Promise<void> {
    try {
      const certificate = await RTCPeerConnection.generateCertificate(algorithm)
      const name = this.#nextName()
      this.#certificates.set(name, certificate)
      postToWorker(this.#port, { type: 'certificate', call, certificate: name, expires: certificate.expires })
    } catch (error) {
      postToWorker(this.#port, { type: 'call-failed', call, ...describeError(error) })
    }
  }

  #createChannel(connection: number, name: number, label: string, init: RTCDataChannelInit): void {
    const owner = this.#connections.get(connection)
    if (!owner) {
      this.#channelClosed(name)
      return
    }
    try {
      const channel = owner.createDataChannel(label, init)
      if (this.bridge === 'bridged') this.#bridge(connection, name, channel)
      else
        this.#transfer(channel, (transferred) => ({ type: 'channel-attached', channel: name, transferred }))
    } catch {
      this.#channelClosed(name)
    }
  }

  #incoming(connection: number, channel: RTCDataChannel): void {
    if (this.bridge === 'transferred') {
      this.#transfer(channel, (transferred) => ({ type: 'incoming-transferred', connection, transferred }))
      return
    }
    const name = this.#nextName()
    this.#bridge(connection, name, channel)
    const { label, protocol, id, readyState } = channel
    postToWorker(this.#port, {
      type: 'incoming-bridged',
      connection,
      channel: name,
      label,
      protocol,
      id,
      readyState,
    })
  }

  /** In the task that made the channel, or it is too late. */
  #transfer(
    channel: RTCDataChannel,
    message: (transferred: RTCDataChannel) => Parameters<typeof postToWorker>[1],
  ): void {
    postToWorker(this.#port, message(channel), [channel as unknown as Transferable])
  }

  #bridge(connection: number, name: number, channel: RTCDataChannel): void {
    this.#channels.set(name, { channel, connection })
    channel.binaryType = 'arraybuffer'
    const tell = (
      event: Extract<Parameters<typeof postToWorker>[1], { type: 'channel-event' }>['event'],
      transfer?: Transferable[],
    ) => postToWorker(this.#port, { type: 'channel-event', channel: name, event }, transfer)
    channel.onopen = () => tell({ name: 'open', id: channel.id })
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) =>
      tell({ name: 'message', data }, data instanceof ArrayBuffer ? [data] : [])
    channel.onclosing = () => tell({ name: 'closing' })
    channel.onclose = () => this.#channelClosed(name)
    channel.onerror = ({ error }) => tell({ name: 'error', errorName: error.name, message: error.message })
    channel.onbufferedamountlow = () => tell({ name: 'sent', bytes: 0, buffered: channel.bufferedAmount })
  }

  #send(name: number, bytes: ArrayBuffer): void {
    const channel = this.#channels.get(name)?.channel
    try {
      channel?.send(bytes)
    } catch {
      // Closed meanwhile: its close event is on the way.
    }
    const sent = { name: 'sent', bytes: bytes.byteLength, buffered: channel?.bufferedAmount ?? 0 } as const
    postToWorker(this.#port, { type: 'channel-event', channel: name, event: sent })
  }

  #channelClosed(name: number): void {
    this.#channels.delete(name)
    postToWorker(this.#port, { type: 'channel-event', channel: name, event: { name: 'close' } })
  }

  #postState(name: number, connection: RTCPeerConnection, event: StateEvent): void {
    postToWorker(this.#port, { type: 'state', connection: name, event, state: stateOf(connection) })
  }

  #nextName(): number {
    this.#lastName -= 1
    return this.#lastName
  }
}

async function perform(
  connection: RTCPeerConnection,
  call: PeerConnectionCall,
): Promise<SessionDescription | null> {
  switch (call.method) {
    case 'createOffer':
      return plainDescription(await connection.createOffer())
    case 'createAnswer':
      return plainDescription(await connection.createAnswer())
    case 'setLocalDescription':
      await connection.setLocalDescription(call.description ?? undefined)
      return null
    case 'setRemoteDescription':
      await connection.setRemoteDescription(call.description)
      return null
    case 'addIceCandidate':
      await connection.addIceCandidate(call.candidate)
      return null
  }
}

function stateOf(connection: RTCPeerConnection): PeerConnectionState {
  // Firefox throws where the descriptions of a closed connection are read.
  const closed = connection.signalingState === 'closed'
  return {
    connectionState: connection.connectionState,
    iceConnectionState: connection.iceConnectionState,
    iceGatheringState: connection.iceGatheringState,
    signalingState: connection.signalingState,
    localDescription: closed ? null : plainDescription(connection.localDescription),
    remoteDescription: closed ? null : plainDescription(connection.remoteDescription),
  }
}

function plainDescription(description: RTCSessionDescriptionInit | null): SessionDescription | null {
  return description ? { type: description.type, sdp: description.sdp ?? '' } : null
}

function describeError(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) }
}
