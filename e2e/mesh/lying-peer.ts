/**
 * A process that speaks the protocols of a node and lies: what it is asked it asks an honest node, and hands the answer on,
 * but for chunks of a checkpoint's state, of which it changes one byte; the first it holds back until a line comes in.
 * Arguments: the chain's name, the honest node's multiaddr, a port to listen on. Prints its own multiaddr, then `lied` a lie.
 */
import { once } from 'node:events'
import { createLibp2pNetwork } from '../../node-core/adapters/libp2p/create-network.ts'
import { SNAPSHOT_PROTOCOL } from '../../node-core/node/sync-protocols.ts'
import { serveBent, spoilt } from '../../node-core/node/test-peers.ts'

const [chainId, honest, port] = process.argv.slice(2)
const listen = `/ip4/127.0.0.1/tcp/${port}/ws`
const network = await createLibp2pNetwork({
  privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
  chainId: chainId!,
  relays: [],
  listen: [listen],
  platform: 'nodejs',
  iceServers: [],
  maxConnections: 20,
})
await network.start()
const peer = await network.dial(honest!, { timeoutMs: 5_000 })
const released = once(process.stdin, 'data')
serveBent(network, peer, async ({ protocol, request, answer }) => {
  const isChunk = protocol === SNAPSHOT_PROTOCOL && request.length > 0
  if (!isChunk) return answer()
  await released
  console.log('lied')
  return spoilt(await answer())
})
console.log(`${listen}/p2p/${network.self}`)
