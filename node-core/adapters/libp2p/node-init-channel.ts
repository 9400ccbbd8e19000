/** Gives dials from Node the same stand-in for the "init" channel that the browser shim has; see init-channel.ts. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { INIT_LABEL, InitChannel } from './init-channel.ts'

let installed = false

/** Changes the class that @libp2p/webrtc uses in Node. Twice is once. */
export function installInitChannel(): void {
  if (installed) return
  installed = true
  const prototype = RTCPeerConnection.prototype
  const create = prototype.createDataChannel
  prototype.createDataChannel = function (this: RTCPeerConnection, ...args: Parameters<typeof create>) {
    const channel = create.apply(this, args)
    return args[0] === INIT_LABEL ? (new InitChannel(channel) as unknown as typeof channel) : channel
  }
}
