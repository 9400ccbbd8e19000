/** The relay's command line. */
import { parseArgs } from 'node:util'
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
  const flags = readFlags()
  const port = Number(flags?.port)
  const graceMs = Number(flags?.grace ?? DRAIN_GRACE_MS)
  if (!flags || !isPort(port) || !(graceMs >= 0)) {
    process.stderr.write(USAGE)
    process.exitCode = EXIT_USAGE
    return
  }
  const relay = await startRelay({
    host: flags.host,
    port,
    keyFile: flags.key,
    ...(flags.web === undefined ? {} : { webRoot: flags.web }),
    ...(flags.network === undefined ? {} : { networkFile: flags.network }),
    ...(flags.announce === undefined ? {} : { announce: flags.announce }),
    ...(flags.origin === undefined ? {} : { allowedOrigins: flags.origin }),
    ...(flags['trusted-proxy'] === undefined ? {} : { trustedProxy: flags['trusted-proxy'] }),
  })
  for (const address of relay.addresses) console.log(`Relay: ${address}`)
  console.log(`HTTP: ${relay.url}`)
  stopOnSignals(relay, graceMs)
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

function readFlags() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        web: { type: 'string' },
        network: { type: 'string' },
        key: { type: 'string', default: '.aitbc/relay.key' },
        announce: { type: 'string', multiple: true },
        origin: { type: 'string', multiple: true },
        'trusted-proxy': { type: 'string' },
        grace: { type: 'string' },
      },
    }).values
  } catch {
    return null
  }
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 65_535
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    const known = error instanceof PortInUseError || error instanceof Error
    process.stderr.write(`relay: ${known ? error.message : String(error)}\n`)
    process.exitCode = EXIT_REFUSED
  })
}
