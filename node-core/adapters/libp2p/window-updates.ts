/**
 * Yamux grants its sender new window after every single frame, so each message costs a second, encrypted frame the other way.
 * Here it grants when half of the window is used, as its specification recommends and other implementations do.
 */
import type { Stream } from '@libp2p/interface'

/** The parts of a YamuxStream that this looks at. */
interface WindowedStream {
  readonly state: number
  /** Bytes granted altogether, and how many of them are left. */
  readonly recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate(): void
}

/** StreamState.Established: before it an update also carries the acknowledgement of the stream itself. */
const ESTABLISHED = 3

/** Streams of other muxers are left as they are. */
export function grantWindowByHalves(stream: Stream): void {
  if (!isWindowed(stream)) return
  const send = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    if (stream.state !== ESTABLISHED || stream.recvWindowCapacity <= stream.recvWindow / 2) send()
  }
}

function isWindowed(stream: unknown): stream is WindowedStream {
  const { state, recvWindow, recvWindowCapacity, sendWindowUpdate } = stream as Partial<WindowedStream>
  return (
    typeof sendWindowUpdate === 'function' &&
    [state, recvWindow, recvWindowCapacity].every((field) => typeof field === 'number')
  )
}
