/** What staked money can lose, by the parameters of the chain, in words to read before anything is signed. */
import type { ChainParameters } from '../node-core/protocol/genesis.ts'
import { parseParameters } from '../node-core/protocol/parameters.ts'
import type { Context } from './context.ts'
import { CommandFailure } from './failure.ts'
import type { RpcClient } from './rpc-client.ts'
import { durationWords, percent } from './words.ts'

/** Fails with `parameters-unreadable` where the node is of another version than this command line. */
export async function parametersOf(rpc: RpcClient): Promise<ChainParameters> {
  const parameters = parseParameters(await rpc.call('chain_parameters', {}))
  if (parameters.ok) return parameters.value
  const { key, value, range } = parameters
  throw new CommandFailure(
    'parameters-unreadable',
    `the node says ${key} is ${value}; right would be ${range}`,
  )
}

/** Shown at once, for people alone: what the command then does is told when it is done. */
export async function review(
  { io, json, rpc }: Context,
  lines: (parameters: ChainParameters) => readonly string[],
): Promise<void> {
  if (json) return
  for (const line of lines(await parametersOf(rpc))) io.out(line)
}

/** `whose`: the validator by whose deeds it can be lost. */
export function lossWords(whose: string, parameters: ChainParameters): string {
  const { doubleSignSlash, invalidBlockSlash, unavailableSlash, slowSlash } = parameters
  const { unavailableOffences, slowOffences } = parameters
  return [
    `at risk: ${percent(doubleSignSlash)} of it whenever ${whose} signs against itself`,
    `${percent(invalidBlockSlash)} for an invalid block`,
    `${percent(unavailableSlash)} for offence ${unavailableOffences} of absence`,
    `${percent(slowSlash)} for offence ${slowOffences} of slowness`,
    'more, up to all, when many are punished in one epoch',
  ].join(', ')
}

/** `lastEpoch`: the one in which it still backs power. */
export function wayBackWords(
  { unbondingMs }: ChainParameters,
  lastEpoch: 'the next epoch' | 'its last epoch with power' = 'the next epoch',
): string {
  return `the way back takes ${durationWords(unbondingMs)} from the end of ${lastEpoch}; until then it earns nothing and can be lost for what the validator did before`
}
