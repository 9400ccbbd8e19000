/**
 * What the page, which owns the RTCPeerConnections, and the node's worker, which uses them, say to each other.
 * Connections, channels, calls and certificates are named by numbers; the worker counts up from 1, the page down from −1.
 */

/** How channel bytes reach the worker: on the channel itself, moved there, or over the MessagePort. */
export type ByteBridge = 'transferred' | 'bridged'

export interface SessionDescription {
  readonly type: RTCSdpType
  readonly sdp: string
}

export interface PeerConnectionState {
  readonly connectionState: RTCPeerConnectionState
  readonly iceConnectionState: RTCIceConnectionState
  readonly iceGatheringState: RTCIceGatheringState
  readonly signalingState: RTCSignalingState
  readonly localDescription: SessionDescription | null
  readonly remoteDescription: SessionDescription | null
}

export type StateEvent =
  | 'connectionstatechange'
  | 'iceconnectionstatechange'
  | 'icegatheringstatechange'
  | 'signalingstatechange'

export type PeerConnectionCall =
  | { readonly method: 'createOffer' }
  | { readonly method: 'createAnswer' }
  | { readonly method: 'setLocalDescription'; readonly description: SessionDescription | null }
  | { readonly method: 'setRemoteDescription'; readonly description: SessionDescription }
  | { readonly method: 'addIceCandidate'; readonly candidate: RTCIceCandidateInit | null }

/** RTCConfiguration as it can be cloned: certificates stay on the page. */
export interface ConnectionConfiguration {
  readonly iceServers: readonly RTCIceServer[]
  readonly iceTransportPolicy?: RTCIceTransportPolicy
  readonly certificates: readonly number[]
}

export type WorkerMessage =
  | { readonly type: 'trial-answer'; readonly transferred: boolean }
  /** The worker holds this Web Lock as long as it lives. */
  | { readonly type: 'lock-held'; readonly name: string }
  | {
      readonly type: 'create-connection'
      readonly connection: number
      readonly configuration: ConnectionConfiguration
    }
  | { readonly type: 'close-connection'; readonly connection: number }
  | {
      readonly type: 'call'
      readonly call: number
      readonly connection: number
      readonly what: PeerConnectionCall
    }
  | { readonly type: 'generate-certificate'; readonly call: number; readonly algorithm: AlgorithmIdentifier }
  | {
      readonly type: 'create-channel'
      readonly connection: number
      readonly channel: number
      readonly label: string
      readonly init: RTCDataChannelInit
    }
  /** The rest is for bridged channels. */
  | { readonly type: 'send'; readonly channel: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'set-low-threshold'; readonly channel: number; readonly bytes: number }
  | { readonly type: 'close-channel'; readonly channel: number }

export type PageMessage =
  | { readonly type: 'trial'; readonly transferred: RTCDataChannel }
  | { readonly type: 'bridge-chosen'; readonly bridge: ByteBridge }
  | {
      readonly type: 'call-done'
      readonly call: number
      readonly value: SessionDescription | null
      readonly state: PeerConnectionState
    }
  | { readonly type: 'call-failed'; readonly call: number; readonly name: string; readonly message: string }
  | {
      readonly type: 'certificate'
      readonly call: number
      readonly certificate: number
      readonly expires: number
    }
  | {
      readonly type: 'state'
      readonly connection: number
      readonly event: StateEvent
      readonly state: PeerConnectionState
    }
  | {
      readonly type: 'ice-candidate'
      readonly connection: number
      readonly candidate: RTCIceCandidateInit | null
    }
  | {
      readonly type: 'ice-candidate-error'
      readonly connection: number
      readonly errorCode: number
      readonly errorText: string
    }
  | { readonly type: 'channel-attached'; readonly channel: number; readonly transferred: RTCDataChannel }
  | {
      readonly type: 'incoming-transferred'
      readonly connection: number
      readonly transferred: RTCDataChannel
    }
  | {
      readonly type: 'incoming-bridged'
      readonly connection: number
      readonly channel: number
      readonly label: string
      readonly protocol: string
      readonly id: number | null
      readonly readyState: RTCDataChannelState
    }
  | { readonly type: 'channel-event'; readonly channel: number; readonly event: ChannelEvent }

export type ChannelEvent =
  | { readonly name: 'open'; readonly id: number | null }
  | { readonly name: 'message'; readonly data: ArrayBuffer | string }
  /** The page handed `bytes` to the channel, whose buffer now holds `buffered`. */
  | { readonly name: 'sent'; readonly bytes: number; readonly buffered: number }
  | { readonly name: 'closing' }
  | { readonly name: 'close' }
  | { readonly name: 'error'; readonly errorName: string; readonly message: string }

export function postToPage(port: MessagePort, message: WorkerMessage, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer)
}

export function postToWorker(port: MessagePort, message: PageMessage, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer)
}
