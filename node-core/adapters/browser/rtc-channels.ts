/** Stand-ins for RTCDataChannel in the worker: one whose real channel arrives a moment later, one fed by the page. */

import { ChannelEvents } from './rtc-event-target.ts'
import type { ChannelEvent, WorkerMessage } from './rtc-messages.ts'

const NOT_OPEN = "RTCDataChannel.readyState is not 'open'"

/** What createDataChannel returns at once in the transferred mode. */
export class AttachedChannel extends ChannelEvents {
  readonly label: string
  readonly #init: RTCDataChannelInit
  #real: RTCDataChannel | null = null
  #binaryType: BinaryType = 'arraybuffer'
  #lowThreshold = 0
  #closeAsked = false
  #closed = false

  constructor(label: string, init: RTCDataChannelInit) {
    super()
    this.label = label
    this.#init = init
  }

  attach(real: RTCDataChannel): void {
    this.#real = real
    real.binaryType = this.#binaryType
    real.bufferedAmountLowThreshold = this.#lowThreshold
    real.onopen = () => this.emit('open')
    real.onmessage = ({ data }) => this.emit('message', { data })
    real.onclosing = () => this.emit('closing')
    real.onclose = () => this.end()
    real.onerror = ({ error }) => this.emit('error', { error })
    real.onbufferedamountlow = () => this.emit('bufferedamountlow')
    if (this.#closeAsked) real.close()
  }

  /** The connection was closed, or the page could not make the channel. */
  end(): void {
    if (this.#closed) return
    this.#closed = true
    this.emit('close')
  }

  get id(): number | null {
    return this.#real?.id ?? this.#init.id ?? null
  }

  get protocol(): string {
    return this.#init.protocol ?? ''
  }

  get readyState(): RTCDataChannelState {
    if (this.#closed) return 'closed'
    if (this.#real) return this.#real.readyState
    return this.#closeAsked ? 'closing' : 'connecting'
  }

  get bufferedAmount(): number {
    return this.#real?.bufferedAmount ?? 0
  }

  get binaryType(): BinaryType {
    return this.#binaryType
  }

  set binaryType(value: BinaryType) {
    this.#binaryType = value
    if (this.#real) this.#real.binaryType = value
  }

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#lowThreshold = bytes
    if (this.#real) this.#real.bufferedAmountLowThreshold = bytes
  }

  send(data: ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (!this.#real) throw new DOMException(NOT_OPEN, 'InvalidStateError')
    if (data instanceof ArrayBuffer) this.#real.send(data)
    else this.#real.send(data)
  }

  close(): void {
    this.#closeAsked = true
    this.#real?.close()
  }
}

export interface BridgedChannelInit {
  readonly channel: number
  readonly label: string
  readonly protocol: string
  readonly id: number | null
  readonly readyState: RTCDataChannelState
}

/** A channel that stays on the page; its bytes cross the MessagePort as transferred buffers. */
export class BridgedChannel extends ChannelEvents {
  readonly label: string
  readonly protocol: string
  binaryType: BinaryType = 'arraybuffer'
  id: number | null
  readyState: RTCDataChannelState
  readonly #channel: number
  readonly #post: (message: WorkerMessage, transfer?: Transferable[]) => void
  #lowThreshold = 0
  /** Posted to the page but not yet handed to the channel, and what the channel still holds. */
  #crossing = 0
  #buffered = 0

  constructor(init: BridgedChannelInit, post: (message: WorkerMessage, transfer?: Transferable[]) => void) {
    super()
    this.#channel = init.channel
    this.#post = post
    this.label = init.label
    this.protocol = init.protocol
    this.id = init.id
    this.readyState = init.readyState
  }

  get bufferedAmount(): number {
    return this.#crossing + this.#buffered
  }

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#lowThreshold = bytes
    this.#post({ type: 'set-low-threshold', channel: this.#channel, bytes })
  }

  send(data: ArrayBuffer | ArrayBufferView): void {
    if (this.readyState !== 'open') throw new DOMException(NOT_OPEN, 'InvalidStateError')
    // Copied, since the caller keeps its view and transferring would empty it.
    const bytes = data instanceof ArrayBuffer ? data.slice(0) : copyOf(data)
    this.#crossing += bytes.byteLength
    this.#post({ type: 'send', channel: this.#channel, bytes }, [bytes])
  }

  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return
    this.readyState = 'closing'
    this.#post({ type: 'close-channel', channel: this.#channel })
  }

  received(event: ChannelEvent): void {
    switch (event.name) {
      case 'open':
        this.id = event.id
        if (this.readyState === 'connecting') {
          this.readyState = 'open'
          this.emit('open')
        }
        return
      case 'message':
        this.emit('message', { data: event.data })
        return
      case 'sent':
        this.#sent(event.bytes, event.buffered)
        return
      case 'closing':
        if (this.readyState !== 'closed') this.readyState = 'closing'
        this.emit('closing')
        return
      case 'close':
        this.end()
        return
      case 'error':
        this.emit('error', { error: new DOMException(event.message, event.errorName) })
        return
    }
  }

  end(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    this.emit('close')
  }

  #sent(bytes: number, buffered: number): void {
    const before = this.bufferedAmount
    this.#crossing -= bytes
    this.#buffered = buffered
    if (before > this.#lowThreshold && this.bufferedAmount <= this.#lowThreshold)
      this.emit('bufferedamountlow')
  }
}

function copyOf(view: ArrayBufferView): ArrayBuffer {
  const copy = new Uint8Array(view.byteLength)
  copy.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  return copy.buffer
}
