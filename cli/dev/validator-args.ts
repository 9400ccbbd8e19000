/** The command line of a validator's process: what Node is given to run it. */
import path from 'node:path'
import { PROJECT_ROOT } from '../environment.ts'
import type { Layout, ValidatorLayout } from './layout.ts'

export interface ValidatorRun {
  readonly layout: Layout
  readonly validator: ValidatorLayout
  /** Name or file. */
  readonly environment: string
  readonly relays?: readonly string[]
  /** Pages that may use its RPC. */
  readonly origins?: readonly string[]
}

export function validatorArgs(run: ValidatorRun): string[] {
  const { layout, validator, environment, relays = [], origins = [] } = run
  // Of each pair the later one dials, so that there is one connection.
  const earlier = layout.validators.slice(0, layout.validators.indexOf(validator))
  return [
    path.join(PROJECT_ROOT, 'cli', 'main.ts'),
    'node',
    'run',
    ...['--home', validator.home],
    ...['--genesis', layout.genesisFile],
    ...['--config', environment],
    ...['--keys', validator.keysFile],
    ...['--mode', 'validator'],
    ...['--listen', meshAddress(validator)],
    ...['--rpc-port', String(validator.rpcPort)],
    ...origins.flatMap((origin) => ['--allow-origin', origin]),
    ...relays.flatMap((relay) => ['--relay', relay]),
    ...earlier.flatMap((other) => ['--bootstrap', meshAddress(other)]),
  ]
}

export function meshAddress({ meshPort }: ValidatorLayout): string {
  return `/ip4/127.0.0.1/tcp/${meshPort}/ws`
}
