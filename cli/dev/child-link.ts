/**
 * The line between a supervisor and the processes it starts. The child says when it is ready; when the line breaks, because
 * the parent ended in whatever way, the child stops.
 */

export interface ReadyMessage {
  readonly type: 'ready'
  /** What the parent needs to know: multiaddrs, a port. */
  readonly data: Readonly<Record<string, unknown>>
}

/** To the parent, if there is one. */
export function tellReady(data: Readonly<Record<string, unknown>>): void {
  process.send?.({ type: 'ready', data } satisfies ReadyMessage)
}

/** Calls back once when the parent is gone; never in a process that was not started by a supervisor. */
export function onParentGone(callback: () => void): void {
  if (process.send === undefined) return
  process.once('disconnect', callback)
  // Listening must not keep a process alive that has nothing left to do.
  process.channel?.unref()
}

export function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'ready'
}
