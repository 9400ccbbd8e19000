/** `aitbc validator …`: the set, and a wallet's part in it. */
import path from 'node:path'
import type { Command } from 'commander'
import { beginSigningRecordIn } from '../../node-core/adapters/nodejs/node-home.ts'
import { createNodeKeys } from '../../node-core/adapters/nodejs/node-keys.ts'
import { toHex } from '../../node-core/lib/bytes.ts'
import type { ValidatorView } from '../../node-core/node/node-api.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { possessionMessage } from '../../node-core/protocol/hash.ts'
import { isValidName } from '../../node-core/protocol/name.ts'
import type { ValidatorRegister } from '../../node-core/protocol/transaction.ts'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind, Context } from '../context.ts'
import { usageFailure } from '../failure.ts'
import { openKeys } from '../node-process.ts'
import { submit, submittedResult } from '../submit.ts'
import { readAit, readPercentage, wrongValue } from '../values.ts'
import { partyOf, readPassword } from '../wallets.ts'
import { fields, percent, table } from '../words.ts'
import { addSigning } from './validator-signing.ts'

const KEYS_FILE = 'validator-keys.json'

const STATES = [
  ['pause', 'rest without an offence, from the next set that is not announced yet'],
  ['resume', 'come back after a pause'],
  ['exit', 'leave the set for good; the stake is free after the unbonding period'],
] as const

export function validatorCommands(program: Command, bind: Bind): void {
  const validator = program.command('validator').description('the validators')
  addList(validator, bind)
  addGet(validator, bind)
  addKeys(validator, bind)
  addRegister(validator, bind)
  for (const [verb, words] of STATES) addStateChange(validator, bind, verb, words)
  addSigning(validator, bind, withKeys, keysFileOf)
}

function addList(validator: Command, bind: Bind): void {
  bind(validator.command('list').description('the validators of this epoch'), async ({ rpc }) => {
    const list = await rpc.call('validator_list', {})
    const rows = list.validators.map((entry) => [
      entry.name,
      entry.address,
      entry.state,
      inAit(entry.stake),
      percent(entry.power),
    ])
    const lines = [
      `epoch ${list.epoch}, heights ${list.firstHeight} to ${list.lastHeight}`,
      ...table([['name', 'address', 'state', 'stake', 'power'], ...rows]),
    ]
    return { json: amountsInAit(list), lines }
  })
}

function addGet(validator: Command, bind: Bind): void {
  const get = validator
    .command('get')
    .argument('<name|address>', 'a wallet here or an address')
    .description('one validator')
  bind(get, async (context, [text]) => {
    const address = await partyOf(context, text!)
    const view = await context.rpc.call('validator_get', { address: formatAddress(address) })
    return { json: amountsInAit(view), lines: validatorLines(view) }
  })
}

function validatorLines(view: ValidatorView): string[] {
  return fields([
    ['name', view.name],
    ['address', view.address],
    ['state', view.state],
    ['stake', `${inAit(view.stake)} AIT`],
    ['power', percent(view.power)],
    ['commission', percent(view.commission)],
    ['performance', percent(view.performance)],
  ])
}

function addKeys(validator: Command, bind: Bind): void {
  const keys = withKeys(validator.command('keys'))
    .option('--plain', 'in the clear; for development networks')
    .description('make the keys of a validator for the node of --home: account, validator, randomness, peer')
  bind(keys, async (context, _args, options) => {
    const file = keysFileOf(context, options)
    const passwordFile = options.passwordFile as string | undefined
    if ((passwordFile === undefined) !== (options.plain === true))
      throw usageFailure('--password-file FILE, or --plain')
    const protection =
      passwordFile === undefined
        ? ({ type: 'plain' } as const)
        : ({ type: 'password', password: readPassword(passwordFile) } as const)
    const { address } = await createNodeKeys(file, protection)
    await beginSigningRecordIn(context.home)
    return {
      json: { address, file },
      lines: [
        `${address}  in ${file}`,
        'it needs money before it can register: aitbc wallet send WALLET ADDRESS AMOUNT',
      ],
    }
  })
}

function addRegister(validator: Command, bind: Bind): void {
  const register = withKeys(validator.command('register'))
    .requiredOption('--stake <ait>', 'what it stakes')
    .requiredOption('--name <text>', 'shown to people')
    .option('--commission <percent>', 'of the rewards of those who delegate', '5')
    .option('--wait', 'until it is in a block')
    .description('become a validator; `aitbc node run --mode validator --keys FILE` then takes part')
  bind(register, async (context, _args, options) => {
    const stake = readAit('--stake', String(options.stake))
    const commission = readPercentage('--commission', String(options.commission))
    const name = String(options.name)
    if (!isValidName(name)) throw wrongValue('--name', name, '1 to 32 bytes of visible text')
    const keys = await openKeys(keysFileOf(context, options), options.passwordFile as string | undefined)
    const sender = parseAddress(keys.address)!
    const { chainId } = await context.rpc.call('node_status', {})
    const message = possessionMessage(chainId, sender)
    const payload: ValidatorRegister = {
      type: 'validator.register',
      validatorKey: keys.validatorKey.publicKey,
      randomnessKey: keys.randomnessKey.publicKey,
      validatorKeyProof: await keys.validatorKey.sign(message),
      randomnessKeyProof: (await keys.randomnessKey.prove(message)).proof,
      stake,
      commission,
      name,
    }
    return submittedResult(
      await submit(
        context,
        { sender, key: keys.accountKey, payload, view: registerView(payload) },
        { wait: options.wait === true },
      ),
    )
  })
}

function registerView(payload: ValidatorRegister) {
  const { validatorKey, randomnessKey, validatorKeyProof, randomnessKeyProof } = payload
  return {
    ...payload,
    validatorKey: toHex(validatorKey),
    randomnessKey: toHex(randomnessKey),
    validatorKeyProof: toHex(validatorKeyProof),
    randomnessKeyProof: toHex(randomnessKeyProof),
    stake: payload.stake.toString(),
  }
}

function addStateChange(
  validator: Command,
  bind: Bind,
  verb: 'pause' | 'resume' | 'exit',
  words: string,
): void {
  const command = withKeys(validator.command(verb))
    .option('--wait', 'until it is in a block')
    .description(words)
  bind(command, async (context, _args, options) => {
    const keys = await openKeys(keysFileOf(context, options), options.passwordFile as string | undefined)
    const payload = { type: `validator.${verb}` } as const
    const submission = { sender: parseAddress(keys.address)!, key: keys.accountKey, payload, view: payload }
    return submittedResult(await submit(context, submission, { wait: options.wait === true }))
  })
}

function withKeys(command: Command): Command {
  return command
    .option('--keys <file>', `the validator's keys (default: ${KEYS_FILE} in --home)`)
    .option('--password-file <file>', 'of the keys; without it they are in the clear')
}

function keysFileOf(context: Context, options: Readonly<Record<string, unknown>>): string {
  return (options.keys as string | undefined) ?? path.join(context.home, KEYS_FILE)
}
