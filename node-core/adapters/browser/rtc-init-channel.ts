/**
 * @libp2p/webrtc 6.0 dials with a channel called "init" that the answering side closes as soon as it can. When that
 * close arrives before the dialler waits for 'open' or 'close', it waits for an event that is past, and the dial hangs.
 * This stand-in always goes through open and then, once asked, close, whatever the real channel has been through.
 */
import { RtcEventTarget } from './rtc-event-target.ts'

export const INIT_LABEL = 'init'
/** How long the real channel may take to close before the stand-in says it did, ms. */
const CLOSE_TIMEOUT_MS = 3_000

export interface RealChannel extends EventTarget {
  readonly id: number | null
  readonly readyState: RTCDataChannelState
  close(): void
}

export class InitChannel extends RtcEventTarget {
  readonly label = INIT_LABEL
  readyState: RTCDataChannelState = 'connecting'
  onopen: ((event: Event) => void) | null = null
  onclose: ((event: Event) => void) | null = null
  readonly #real: RealChannel
  #realClosed = false

  constructor(real: RealChannel) {
    super()
    this.#real = real
    real.addEventListener('open', () => this.#opened())
    real.addEventListener('close', () => {
      this.#realClosed = true
      this.#opened()
      if (this.readyState === 'closing') this.#closed()
    })
    if (real.readyState === 'open') this.#opened()
  }

  get id(): number | null {
    return this.#real.id
  }

  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return
    this.readyState = 'closing'
    if (!this.#realClosed) this.#real.close()
    // Never in this task: the caller starts to wait for the event after the call.
    setTimeout(() => this.#closed(), this.#realClosed ? 0 : CLOSE_TIMEOUT_MS)
  }

  #opened(): void {
    if (this.readyState !== 'connecting') return
    this.readyState = 'open'
    this.emit('open')
  }

  #closed(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    this.emit('close')
  }
}
