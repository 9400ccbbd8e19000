/** `aitbc network …`: the mesh as the node sees it. */
import type { Command } from 'commander'
import type { Bind } from '../context.ts'
import { fields, percent, table } from '../words.ts'

export function networkCommands(program: Command, bind: Bind): void {
  const network = program.command('network').description('the mesh')
  bind(network.command('peers').description('connected peers'), async ({ rpc }) => {
    const peers = await rpc.call('network_peers', {})
    const rows = peers.map((peer) => [
      peer.name ?? peer.peer,
      peer.role,
      peer.relayed ? `${peer.transport} (relayed)` : peer.transport,
      peer.roundTripMs === null ? '-' : `${Math.round(peer.roundTripMs)} ms`,
      String(peer.headHeight ?? '-'),
      peer.score.toFixed(2),
    ])
    return {
      json: peers,
      lines:
        peers.length === 0
          ? ['no peers']
          : table([['peer', 'role', 'transport', 'round trip', 'height', 'score'], ...rows]),
    }
  })
  bind(network.command('health').description('partition state and what was rejected'), async ({ rpc }) => {
    const [health, partition] = await Promise.all([
      rpc.call('network_health', {}),
      rpc.call('network_partition', {}),
    ])
    const lines = fields([
      ['state', partition.state],
      ['power heard', percent(partition.heardPower)],
      ['healthy peers', health.healthy],
      ['lost peers', health.down],
      [
        'median round trip',
        health.medianRoundTripMs === null ? '-' : `${Math.round(health.medianRoundTripMs)} ms`,
      ],
      ...Object.entries(health.rejected).map(([reason, count]) => [`rejected: ${reason}`, count] as const),
    ])
    return { json: { ...health, partition }, lines }
  })
}
