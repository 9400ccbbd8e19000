/** An EventTarget with `on…` properties, as the shim's stand-ins need. */
export class RtcEventTarget extends EventTarget {
  /** Calls the `on…` handler, then the listeners; `fields` become the event's properties. */
  protected emit(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const event = Object.assign(new Event(type), fields)
    const handler: unknown = Reflect.get(this, `on${type}`)
    if (typeof handler === 'function') handler.call(this, event)
    this.dispatchEvent(event)
  }
}

export type Handler = ((event: never) => void) | null

/** What a data channel's stand-ins have in common. */
export class ChannelEvents extends RtcEventTarget {
  onopen: Handler = null
  onmessage: Handler = null
  onclosing: Handler = null
  onclose: Handler = null
  onerror: Handler = null
  onbufferedamountlow: Handler = null
}
