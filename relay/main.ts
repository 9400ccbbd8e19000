/** The relay's command line. */

import { readFlags } from './flags.ts'
import { PortInUseError } from './front-server.ts'
import { DRAIN_GRACE_MS } from './limits.ts'
import { type Relay, startRelay } from './start-relay.ts'

export { startRelay }

const USAGE = `node relay/main.ts --port P [options]
  --port P             port for WebSockets and HTTP; 0: any
  --host HOST          default 127.0.0.1; 0.0.0.0 for all interfaces
  --web DIR            serve the built web app
  --network FILE       serve as /network.json
  --key FILE           keep the peer key here (default .aitbc/relay.key)
  --announce ADDR      multiaddr guests tell others; repeatable
  --origin ORIGIN      allow WebSockets from pages of this origin only; repeatable
  --trusted-proxy IP   believe this address's X-Forwarded-For
  --grace MS           how long to drain on SIGTERM (default ${DRAIN_GRACE_MS})
`
const EXIT_REFUSED = 1
const EXIT_USAGE = 2

async function main(): Promise<void> {
  const read = readFlags(process.argv.slice(2))
  if (!read.ok) {
    process.stderr.write(`relay: ${read.complaint}\n${USAGE}`)
    process.exitCode = EXIT_USAGE
    return
  }
  const { options, graceMs } = read
  const relay = await startRelay(options)
  // Before anybody can read that it runs, and stop it.
  stopOnSignals(relay, graceMs)
  for (const address of relay.addresses) console.log(`Relay: ${address}`)
  console.log(`HTTP: ${relay.url}`)
}

/** SIGTERM drains; a second signal, or SIGINT from a terminal, stops at once. */
function stopOnSignals(relay: Relay, graceMs: number): void {
  let asked = false
  const stop = (grace: number) => {
    if (asked) process.exit(EXIT_REFUSED)
    asked = true
    void relay.stop({ graceMs: grace }).then(() => process.exit(0))
  }
  process.on('SIGTERM', () => stop(graceMs))
  process.on('SIGINT', () => stop(0))
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const known = error instanceof PortInUseError || error instanceof Error
    process.stderr.write(`relay: ${known ? error.message : String(error)}\n`)
    process.exitCode = EXIT_REFUSED
  })
}
