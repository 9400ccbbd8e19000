/** `aitbc node …`: run one here, or ask one how it is. */
import type { Command } from 'commander'
import type { NodeMode, NodeStatus } from '../../node-core/node/node-api.ts'
import type { Bind } from '../context.ts'
import { usageFailure } from '../failure.ts'
import { runNode } from '../node-process.ts'
import { readWhole, wrongValue } from '../values.ts'
import { fields, timeWords } from '../words.ts'

const DEFAULT_RPC_PORT = 4183

export function nodeCommands(program: Command, bind: Bind): void {
  const node = program.command('node').description('run a node, or ask one')
  addStatus(node, bind)
  addRun(node, bind)
}

function addStatus(node: Command, bind: Bind): void {
  bind(
    node.command('status').description('what the node is, how far it is, why it does not move'),
    async ({ rpc }) => {
      const status = await rpc.call('node_status', {})
      return { json: status, lines: statusLines(status) }
    },
  )
}

function statusLines(status: NodeStatus): string[] {
  return fields([
    ['chain', `${status.chainId} ${status.genesisHash}`],
    ['mode', status.mode],
    ['phase', status.phase],
    [
      'height',
      status.head === null ? '-' : `${status.head.height}, ${timeWords(status.head.timestampMs)} UTC`,
    ],
    ['stall', status.stall === null ? 'none' : status.stall.code],
    ['validator', status.validator === null ? '-' : `${status.validator.state} ${status.validator.address}`],
    ['signing', signingWords(status.validator)],
    ['storage', status.storage.trouble?.code ?? 'well'],
    ['peers', `${status.peers.direct} direct, ${status.peers.relayed} relayed`],
    ['version', status.version],
  ])
}

function signingWords(validator: NodeStatus['validator']): string {
  if (validator === null) return '-'
  return validator.silentBecause?.code ?? (validator.signing ? 'yes' : 'not in the set')
}

const several = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value]

const MODES: readonly NodeMode[] = ['full', 'light', 'observer', 'validator']

function addRun(node: Command, bind: Bind): void {
  const run = node
    .command('run')
    .description('run a node until Ctrl-C; its data is in --home')
    .requiredOption('--genesis <file>', 'the chain')
    .option('--config <name|file>', 'environment: relays and ICE servers', 'development')
    .option(
      '--mode <mode>',
      `${MODES.join(', ')}; light starts from a snapshot and lets old blocks go, observer has certified headers and proofs alone`,
      'full',
    )
    .option('--keys <file>', 'of `validator keys`; a validator needs them')
    .option('--password-file <file>', 'the keys’; left out, they are in the clear')
    .option(
      '--listen <multiaddr>',
      'where others reach it, e.g. /ip4/0.0.0.0/tcp/4223/ws; repeatable',
      several,
    )
    .option('--rpc-port <p>', 'on 127.0.0.1', String(DEFAULT_RPC_PORT))
    .option('--allow-origin <origin>', 'a page that may use the RPC; repeatable', several)
    .option('--relay <multiaddr>', 'besides those of the environment; repeatable', several)
    .option('--bootstrap <multiaddr>', 'a peer to begin with; repeatable', several)
  bind(run, async (context, _args, options) => {
    const rpcPort = readWhole('--rpc-port', String(options.rpcPort), 0, 65_535)
    const mode = MODES.find((each) => each === options.mode)
    if (!mode) throw wrongValue('--mode', String(options.mode), MODES.join(', '))
    if (mode === 'validator' && options.keys === undefined)
      throw usageFailure('a validator needs --keys FILE')
    await runNode(context, {
      genesisFile: options.genesis as string,
      environment: options.config as string,
      mode,
      rpcPort,
      keysFile: (options.keys as string | undefined) ?? null,
      passwordFile: options.passwordFile as string | undefined,
      listen: (options.listen as string[] | undefined) ?? [],
      allowedOrigins: (options.allowOrigin as string[] | undefined) ?? [],
      relays: (options.relay as string[] | undefined) ?? [],
      bootstrap: (options.bootstrap as string[] | undefined) ?? [],
    })
    return null
  })
}
