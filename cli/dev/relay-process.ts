/** The relay of a development network, as a process that ends with its supervisor. Arguments: port, key file, origin. */
import { startRelay } from '../../relay/start-relay.ts'
import { onParentGone, tellReady } from './child-link.ts'

const [port, keyFile, origin] = process.argv.slice(2)

try {
  const relay = await startRelay({
    host: '127.0.0.1',
    port: Number(port),
    keyFile: keyFile!,
    allowedOrigins: [origin!, origin!.replace('127.0.0.1', 'localhost')],
  })
  const stop = () => void relay.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  onParentGone(stop)
  tellReady({ addresses: relay.addresses })
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
