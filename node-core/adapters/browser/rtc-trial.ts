/** Finds out whether a data channel can be moved to this very worker: no list of browsers is kept. */
import { type ByteBridge, postToWorker, type WorkerMessage } from './rtc-messages.ts'

/** How long the worker may take to load and answer, ms; then the bridge is used, which always works. */
const TRIAL_TIMEOUT_MS = 5_000

/** Needs `connectPageHost` at the port's other end. */
export async function chooseByteBridge(port: MessagePort): Promise<ByteBridge> {
  const connection = new RTCPeerConnection()
  try {
    const answer = trialAnswer(port)
    // Only in the task that made it may a channel be transferred.
    const channel = connection.createDataChannel('trial')
    try {
      postToWorker(port, { type: 'trial', transferred: channel }, [channel as unknown as Transferable])
    } catch {
      return 'bridged'
    }
    return (await answer) ? 'transferred' : 'bridged'
  } finally {
    connection.close()
  }
}

function trialAnswer(port: MessagePort): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (transferred: boolean) => {
      clearTimeout(timer)
      port.removeEventListener('message', onMessage)
      resolve(transferred)
    }
    const onMessage = (event: MessageEvent<WorkerMessage>) => {
      if (event.data.type === 'trial-answer') settle(event.data.transferred)
    }
    const timer = setTimeout(() => settle(false), TRIAL_TIMEOUT_MS)
    port.addEventListener('message', onMessage)
    port.start()
  })
}
