/** A Node process that knows only a relay; takes commands as JSON lines and answers each with a line. */
import { createInterface } from 'node:readline'
import type { PeerCommand } from './commands.ts'
import { startPeer } from './start-peer.ts'

const agent = await startPeer(process.argv.slice(2), 'nodejs')
console.log('started')
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await agent.run(JSON.parse(line) as PeerCommand)))
process.exit(0)
