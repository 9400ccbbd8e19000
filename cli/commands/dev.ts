/** `aitbc dev`, which is `npm start`: a whole network on this machine, with its dashboard. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Command } from 'commander'
import type { Bind } from '../context.ts'
import { DEFAULT_PORT, DEFAULT_VALIDATORS, MAX_DEV_VALIDATORS } from '../dev/layout.ts'
import { runDevNetwork } from '../dev/network.ts'
import { PROJECT_ROOT } from '../environment.ts'
import { usageFailure } from '../failure.ts'
import { readWhole } from '../values.ts'

/** The whole network's ports stay below 65,536. */
const HIGHEST_PORT = 65_000

export function devCommand(program: Command, bind: Bind): void {
  const dev = program
    .command('dev')
    .description('a development network with its dashboard, until Ctrl-C (npm start)')
    .option('--validators <n>', `Node validators, 1 to ${MAX_DEV_VALIDATORS}; of the first start alone`)
    .option('--port <p>', 'the dashboard; relay p+1, RPC of validator i p+10+i', String(DEFAULT_PORT))
    .option('--data <dir>', 'where it is kept (default: .aitbc in the project)')
    .option('--ephemeral', 'keep nothing')
    .option('--env <name>', 'chain parameters of config/NAME.json or of a file', 'development')
    .option(
      '--parameters <file>',
      'JSON of chain parameters that replace the environment’s at the first start; for experiments',
    )
    .option('--no-open', 'do not open a browser')
  bind(dev, async (context, _args, options) => {
    const port = readWhole('--port', String(options.port), 1, HIGHEST_PORT)
    const validators =
      options.validators === undefined
        ? null
        : readWhole('--validators', String(options.validators), 1, MAX_DEV_VALIDATORS)
    const ephemeral = options.ephemeral === true
    if (ephemeral && options.data !== undefined)
      throw usageFailure('--ephemeral keeps nothing: leave out --data')
    const data = ephemeral
      ? mkdtempSync(path.join(tmpdir(), 'aitbc-'))
      : path.resolve((options.data as string | undefined) ?? path.join(PROJECT_ROOT, '.aitbc'))
    try {
      await runDevNetwork(context.io, {
        data,
        port,
        validators,
        defaultValidators: DEFAULT_VALIDATORS,
        environment: options.env as string,
        parametersFile: (options.parameters as string | undefined) ?? null,
        open: options.open === true && context.io.env.npm_lifecycle_event !== 'test',
      })
    } finally {
      if (ephemeral) rmSync(data, { recursive: true, force: true })
    }
    return null
  })
}
