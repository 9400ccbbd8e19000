/** The node's log on standard output. */
import { fstatSync, writeSync } from 'node:fs'

const STANDARD_OUTPUT = 1

/** Into a file as far as there is room: a stream would end with the first line that a full disk refuses, and the node with it. */
export function logSink(): (text: string) => void {
  if (!fstatSync(STANDARD_OUTPUT).isFile()) return (text) => console.log(text)
  return (text) => {
    try {
      writeSync(STANDARD_OUTPUT, `${text}\n`)
    } catch {
      // There is nowhere to tell of it; node_status says that the disk is full.
    }
  }
}
