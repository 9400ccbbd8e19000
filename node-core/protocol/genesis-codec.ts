/** A genesis as JSON: amounts as decimal strings of base units, keys 0x-hex, addresses ait1…. */
import { toHex } from '../lib/bytes.ts'
import { formatAddress } from './address.ts'
import { MAX_AMOUNT } from './amount.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_CHAIN_ID_BYTES,
  MAX_GENESIS_ACCOUNTS,
  MAX_VALIDATORS,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
  VRF_PROOF_BYTES,
} from './constants.ts'
import type { ChainParameters, Genesis, GenesisValidator } from './genesis.ts'
import {
  join,
  type Read,
  readAddress,
  readAmount,
  readArray,
  readBytes,
  readInteger,
  reading,
  readObject,
  readText,
  refuse,
} from './json-reader.ts'
import { isValidName } from './name.ts'
import { formatParameters, readParameters } from './parameters.ts'

type Account = Genesis['accounts'][number]

/** The year 9999: what a date can show. */
const LAST_TIMESTAMP_MS = 253_402_300_799_999

/** Shape, ranges and sums. Proofs of possession need a verifier: whoever starts the chain asks one. */
export function parseGenesis(json: unknown): Read<Genesis> {
  return reading(() => {
    const object = readObject('', json, ['chainId', 'timestampMs', 'parameters', 'accounts', 'validators'])
    const parameters = readParameters('parameters', object.parameters)
    const genesis: Genesis = {
      chainId: readChainId('chainId', object.chainId),
      timestampMs: readInteger('timestampMs', object.timestampMs, 1, LAST_TIMESTAMP_MS),
      parameters,
      accounts: readArray('accounts', object.accounts, MAX_GENESIS_ACCOUNTS, readAccount),
      validators: readArray('validators', object.validators, MAX_VALIDATORS, (key, item) =>
        readValidator(key, item, parameters),
      ),
    }
    checkWhole(genesis)
    return genesis
  })
}

/** What parseGenesis reads. */
export function formatGenesis(genesis: Genesis): Record<string, unknown> {
  return {
    chainId: genesis.chainId,
    timestampMs: genesis.timestampMs,
    parameters: formatParameters(genesis.parameters),
    accounts: genesis.accounts.map(({ address, balance }) => ({
      address: formatAddress(address),
      balance: balance.toString(),
    })),
    validators: genesis.validators.map((validator) => ({
      address: formatAddress(validator.address),
      name: validator.name,
      validatorKey: toHex(validator.validatorKey),
      randomnessKey: toHex(validator.randomnessKey),
      validatorKeyProof: toHex(validator.validatorKeyProof),
      randomnessKeyProof: toHex(validator.randomnessKeyProof),
      stake: validator.stake.toString(),
      commission: validator.commission,
    })),
  }
}

/** Lower-case letters, digits and hyphens: it is part of topics, file names and database names. */
export function readChainId(key: string, value: unknown): string {
  const accepts = (text: string) => /^[a-z0-9][a-z0-9-]*$/.test(text) && text.length <= MAX_CHAIN_ID_BYTES
  return readText(key, value, accepts, `1 to ${MAX_CHAIN_ID_BYTES} of a-z, 0-9 and hyphen, no hyphen first`)
}

function readAccount(key: string, json: unknown): Account {
  const object = readObject(key, json, ['address', 'balance'])
  return {
    address: readAddress(join(key, 'address'), object.address),
    balance: readAmount(join(key, 'balance'), object.balance, 0n),
  }
}

function readValidator(key: string, json: unknown, parameters: ChainParameters): GenesisValidator {
  const object = readObject(key, json, [
    'address',
    'name',
    'validatorKey',
    'randomnessKey',
    'validatorKeyProof',
    'randomnessKeyProof',
    'stake',
    'commission',
  ])
  const bytes = (name: string, length: number) => readBytes(join(key, name), object[name], length)
  return {
    address: readAddress(join(key, 'address'), object.address),
    name: readText(join(key, 'name'), object.name, isValidName, '1 to 32 bytes of visible text'),
    validatorKey: bytes('validatorKey', VALIDATOR_KEY_BYTES),
    randomnessKey: bytes('randomnessKey', RANDOMNESS_KEY_BYTES),
    validatorKeyProof: bytes('validatorKeyProof', ED25519_SIGNATURE_BYTES),
    randomnessKeyProof: bytes('randomnessKeyProof', VRF_PROOF_BYTES),
    stake: readAmount(join(key, 'stake'), object.stake, parameters.minimumSelfStake),
    commission: readInteger(
      join(key, 'commission'),
      object.commission,
      parameters.minimumCommission,
      parameters.maximumCommission,
    ),
  }
}

function checkWhole(genesis: Genesis): void {
  if (genesis.validators.length === 0 || genesis.validators.length > genesis.parameters.maxValidators) {
    refuse(
      'validators',
      genesis.validators.length,
      `1 to parameters.maxValidators, ${genesis.parameters.maxValidators}`,
    )
  }
  checkOnce(
    'accounts',
    'address',
    genesis.accounts.map((account) => account.address),
  )
  checkOnce(
    'validators',
    'address',
    genesis.validators.map((validator) => validator.address),
  )
  checkOnce(
    'validators',
    'validatorKey',
    genesis.validators.map((validator) => toHex(validator.validatorKey)),
  )
  checkOnce(
    'validators',
    'randomnessKey',
    genesis.validators.map((validator) => toHex(validator.randomnessKey)),
  )
  const balances = genesis.accounts.reduce((sum, account) => sum + account.balance, 0n)
  const supply = genesis.validators.reduce((sum, validator) => sum + validator.stake, balances)
  if (supply > MAX_AMOUNT) refuse('accounts', supply, `balances and stakes together at most ${MAX_AMOUNT}`)
}

function checkOnce(key: string, name: string, values: readonly string[]): void {
  const seen = new Set<string>()
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) refuse(join(join(key, String(i)), name), value, 'each once')
    seen.add(value)
  }
}
