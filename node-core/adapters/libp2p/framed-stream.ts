/** One frame on a libp2p stream: its length as 4 bytes, big-endian, then its bytes. */
import type { Stream } from '@libp2p/interface'
import { NetworkError } from '../../ports/network-error.ts'

const HEADER_BYTES = 4
/** Bytes given to the transport at once; between chunks its back-pressure is heeded. */
const CHUNK_BYTES = 64 * 1024

/** Resolves when the last chunk is with the transport. Rejects when the stream closes or the signal fires. */
export async function writeFrame(stream: Stream, frame: Uint8Array, signal: AbortSignal): Promise<void> {
  const header = new Uint8Array(HEADER_BYTES)
  new DataView(header.buffer).setUint32(0, frame.length)
  const first = new Uint8Array(HEADER_BYTES + Math.min(frame.length, CHUNK_BYTES))
  first.set(header)
  first.set(frame.subarray(0, CHUNK_BYTES), HEADER_BYTES)
  await writeChunk(stream, first, signal)
  for (let offset = CHUNK_BYTES; offset < frame.length; offset += CHUNK_BYTES)
    await writeChunk(stream, frame.subarray(offset, offset + CHUNK_BYTES), signal)
}

async function writeChunk(stream: Stream, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  stream.send(chunk)
  while (stream.writableNeedsDrain) await nextDrain(stream, signal)
}

function nextDrain(stream: Stream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => () => {
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
      signal.removeEventListener('abort', onAbort)
      action()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(new NetworkError('closed')))
    const onAbort = settle(() => reject(signal.reason as Error))
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
    signal.addEventListener('abort', onAbort)
  })
}

/**
 * Reads one frame of at most `limitBytes`. Attach it in the task that got the stream: bytes that came earlier are
 * handed to the first listener. Rejects with 'too-large' before the frame is buffered, and with 'closed'.
 */
export function readFrame(stream: Stream, limitBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader(limitBytes)
    const settle = (action: () => void) => {
      stream.removeEventListener('message', onMessage)
      stream.removeEventListener('remoteCloseWrite', onEnd)
      stream.removeEventListener('close', onEnd)
      signal.removeEventListener('abort', onAbort)
      action()
    }
    const onMessage = (event: { readonly data: { subarray(): Uint8Array } }) => {
      const outcome = reader.push(event.data.subarray())
      if (outcome === 'more') return
      if (outcome === 'too-large') settle(() => reject(new NetworkError('too-large', { limitBytes })))
      else settle(() => resolve(outcome))
    }
    const onEnd = () => {
      if (stream.readBufferLength === 0) settle(() => reject(new NetworkError('closed')))
    }
    const onAbort = () => settle(() => reject(signal.reason as Error))
    stream.addEventListener('message', onMessage)
    stream.addEventListener('remoteCloseWrite', onEnd)
    stream.addEventListener('close', onEnd)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else if (stream.remoteWriteStatus === 'closed') onEnd()
  })
}

/** Puts chunks together; the length is judged as soon as it is there. */
export class FrameReader {
  readonly #limitBytes: number
  #pending = new Uint8Array(0)
  #frame: Uint8Array | null = null
  #filled = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** Bytes after the frame are dropped: a stream carries one. */
  push(chunk: Uint8Array): Uint8Array | 'more' | 'too-large' {
    if (this.#frame) return this.#fill(this.#frame, chunk)
    const head = new Uint8Array(this.#pending.length + chunk.length)
    head.set(this.#pending)
    head.set(chunk, this.#pending.length)
    if (head.length < HEADER_BYTES) {
      this.#pending = head
      return 'more'
    }
    const length = new DataView(head.buffer).getUint32(0)
    if (length > this.#limitBytes) return 'too-large'
    this.#frame = new Uint8Array(length)
    return this.#fill(this.#frame, head.subarray(HEADER_BYTES))
  }

  #fill(frame: Uint8Array, chunk: Uint8Array): Uint8Array | 'more' {
    const wanted = chunk.subarray(0, frame.length - this.#filled)
    frame.set(wanted, this.#filled)
    this.#filled += wanted.length
    return this.#filled === frame.length ? frame : 'more'
  }
}
