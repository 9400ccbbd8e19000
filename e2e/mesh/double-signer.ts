/**
 * A process that has a validator's key and uses it twice: it signs two COMMITs for one place and says both to a node, again
 * until that node has them as evidence. Arguments: the chain's name, the node's multiaddr and RPC, the file of the keys.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { RpcClient } from '../../cli/rpc-client.ts'
import { createLibp2pNetwork } from '../../node-core/adapters/libp2p/create-network.ts'
import { loadNodeKeys } from '../../node-core/adapters/nodejs/node-keys.ts'
import { encodeRepeatable } from '../../node-core/node/wire-protocols.ts'
import { parseAddress } from '../../node-core/protocol/address.ts'
import { encodeConsensusMessage } from '../../node-core/protocol/codec-messages.ts'
import { messageSigningBytes } from '../../node-core/protocol/hash.ts'
import type { Hash } from '../../node-core/protocol/ids.ts'

const AGAIN_MS = 1_000
const BLOCKS = ['a', 'b'].map((digit) => `0x${digit.repeat(64)}` as Hash)

const [chainId, honest, rpc, keysFile] = process.argv.slice(2)
const { address, validatorKey } = await loadNodeKeys(keysFile!, { type: 'plain' })
const sender = parseAddress(address)!
const network = await createLibp2pNetwork({
  privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
  chainId: chainId!,
  relays: [],
  listen: [],
  platform: 'nodejs',
  iceServers: [],
  maxConnections: 20,
})
await network.start()
await network.dial(honest!, { timeoutMs: 30_000 })
const node = new RpcClient(rpc!)
const { height, validatorsHash } = await node.call('chain_head', {})
const messages = await Promise.all(
  BLOCKS.map(async (blockId) => {
    const fields = { type: 'commit', height, round: 0, sender, blockId } as const
    const bytes = messageSigningBytes(chainId!, validatorsHash as Hash, fields)
    return encodeConsensusMessage({ ...fields, signature: await validatorKey.sign(bytes) })
  }),
)
// The first ones may be said before the node listens.
for (let repeat = 0; (await node.call('alert_list', {})).evidence.length === 0; repeat++) {
  for (const message of messages) await network.publish('consensus', encodeRepeatable(repeat, message))
  await delay(AGAIN_MS)
}
await network.stop()
