/** Keys and genesis of a development network: made once, read ever after. The keys are in the clear; the network is a toy. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beginSigningRecordIn } from '../../node-core/adapters/nodejs/node-home.ts'
import { createNodeKeys, loadNodeKeys, type NodeKeys } from '../../node-core/adapters/nodejs/node-keys.ts'
import { parseAddress } from '../../node-core/protocol/address.ts'
import { UNITS_PER_AIT } from '../../node-core/protocol/amount.ts'
import type { Config } from '../../node-core/protocol/config.ts'
import type { ChainParameters, Genesis, GenesisValidator } from '../../node-core/protocol/genesis.ts'
import { formatGenesis, parseGenesis } from '../../node-core/protocol/genesis-codec.ts'
import { possessionMessage } from '../../node-core/protocol/hash.ts'
import { formatParameters, parseParameters } from '../../node-core/protocol/parameters.ts'
import { readJsonFile } from '../environment.ts'
import { CommandFailure } from '../failure.ts'
import type { Layout, ValidatorLayout } from './layout.ts'

/** Of each validator of the genesis: little enough that two tabs with a drip each hold more than a third. */
const GENESIS_STAKE = 1_000n * UNITS_PER_AIT
/** For the fees of its own operations. */
const GENESIS_BALANCE = 100n * UNITS_PER_AIT
/** 5 %, in millionths. */
const COMMISSION = 50_000
/** The stored genesis; null before the first start. */
export function readGenesis(file: string): Genesis | null {
  if (!existsSync(file)) return null
  const genesis = parseGenesis(readJsonFile(file))
  if (!genesis.ok)
    throw new CommandFailure(
      'genesis-invalid',
      `${genesis.key} is ${genesis.value}; right would be ${genesis.range}`,
      { file },
    )
  return genesis.value
}

/** Writes keys for every validator, then the genesis: when that is there, all of it is. */
export async function makeGenesis(
  layout: Layout,
  config: Config,
  parametersFile: string | null,
): Promise<Genesis> {
  const validators = await Promise.all(
    layout.validators.map((validator) => makeValidator(validator, config.chainId)),
  )
  const genesis: Genesis = {
    chainId: config.chainId,
    timestampMs: Date.now(),
    parameters:
      parametersFile === null ? config.parameters : mergeParameters(config.parameters, parametersFile),
    accounts: validators.map(({ address }) => ({ address, balance: GENESIS_BALANCE })),
    validators,
  }
  const json = formatGenesis(genesis)
  const checked = parseGenesis(JSON.parse(JSON.stringify(json)))
  if (!checked.ok)
    throw new CommandFailure(
      'genesis-invalid',
      `${checked.key} is ${checked.value}; right would be ${checked.range}`,
    )
  writeWhole(layout.genesisFile, json)
  return checked.value
}

async function makeValidator(validator: ValidatorLayout, chainId: string): Promise<GenesisValidator> {
  const { name } = validator
  const keys = await keysIn(validator)
  const address = parseAddress(keys.address)!
  const message = possessionMessage(chainId, address)
  return {
    address,
    name,
    validatorKey: keys.validatorKey.publicKey,
    randomnessKey: keys.randomnessKey.publicKey,
    validatorKeyProof: await keys.validatorKey.sign(message),
    randomnessKeyProof: (await keys.randomnessKey.prove(message)).proof,
    stake: GENESIS_STAKE,
    commission: COMMISSION,
  }
}

/** Made once: a start that was interrupted before the genesis left them behind. */
async function keysIn({ keysFile, home }: ValidatorLayout): Promise<NodeKeys> {
  if (existsSync(keysFile)) return loadNodeKeys(keysFile, { type: 'plain' })
  const keys = await createNodeKeys(keysFile, { type: 'plain' })
  await beginSigningRecordIn(home)
  return keys
}

function mergeParameters(parameters: ChainParameters, file: string): ChainParameters {
  const given = readJsonFile(path.resolve(file))
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new CommandFailure(
      'config-invalid',
      'the file holds no parameters; right would be an object of them',
      {
        file,
      },
    )
  const merged = parseParameters({ ...formatParameters(parameters), ...given })
  if (!merged.ok)
    throw new CommandFailure(
      'config-invalid',
      `${merged.key} is ${merged.value}; right would be ${merged.range}`,
      { file },
    )
  return merged.value
}

/** Under its name only when it is whole. */
function writeWhole(file: string, json: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(json, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
