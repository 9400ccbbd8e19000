/** Starts the node before the page is read and painted, which takes as long as loading its worker does. */
import { browserSupport } from './store/browser-support.ts'
import { type Connection, loadConnection, openConnection } from './store/connection.ts'
import { dropSpareWorker, prepareWorker } from './worker/spare-worker.ts'

prepareWorker()
const found = browserSupport()
const code = loadConnection()
let opening: Promise<Connection> | null = found.then(async ({ missing }) => {
  if (missing.length === 0) return (await code).start()
  dropSpareWorker()
  return new Promise(() => undefined)
})
// Whoever connects hears of a failure; until then it is nobody's.
code.catch(() => undefined)
opening.catch(() => undefined)

export const support = () => found

/** The one that is being opened; when it has failed, another. */
export function connect(): Promise<Connection> {
  const connection = opening ?? openConnection()
  opening = null
  return connection
}
