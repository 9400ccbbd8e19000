/** `aitbc config …`: environments, before a node knows a chain. */
import type { Command } from 'commander'
import { formatParameters } from '../../node-core/protocol/parameters.ts'
import type { Bind } from '../context.ts'
import { readConfig } from '../environment.ts'

export function configCommands(program: Command, bind: Bind): void {
  const config = program.command('config').description('environments: development, staging, production')
  bind(
    config
      .command('show')
      .argument('[name|file]', 'an environment or a file', 'development')
      .description('parameters and network of an environment'),
    async (_context, args) => {
      const read = readConfig(args[0] ?? 'development')
      const json = { ...read, parameters: formatParameters(read.parameters) }
      return { json, lines: JSON.stringify(json, null, 2).split('\n') }
    },
  )
  bind(
    config
      .command('check')
      .argument('<name|file>', 'an environment or a file')
      .description('whether an environment is right, and where not'),
    async (_context, args) => {
      const { name, chainId } = readConfig(args[0]!)
      return { json: { ok: true, name, chainId }, lines: [`${args[0]} is right: ${name}, chain ${chainId}`] }
    },
  )
}
