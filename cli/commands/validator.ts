/** `aitbc validator …`: whoever validates, by the keys of a node. */
import type { Command } from 'commander'
import { beginSigningRecordIn } from '../../node-core/adapters/nodejs/node-home.ts'
import { createNodeKeys, type NodeKeys, prepareRotation } from '../../node-core/adapters/nodejs/node-keys.ts'
import { fromHex } from '../../node-core/lib/bytes.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { formatAit } from '../../node-core/protocol/amount.ts'
import { possessionMessage } from '../../node-core/protocol/hash.ts'
import type { Address } from '../../node-core/protocol/ids.ts'
import { isValidName } from '../../node-core/protocol/name.ts'
import type { ValidatorRegister } from '../../node-core/protocol/transaction.ts'
import type { Bind, Context } from '../context.ts'
import { CommandFailure, usageFailure } from '../failure.ts'
import { protectionOf } from '../node-process.ts'
import { refusalOf } from '../refusals.ts'
import { keySigner, keysFileOf, openKeysOf, submitAs, withKeys, withKeysAndWait } from '../signer.ts'
import { lossWords, review, wayBackWords } from '../stake-risk.ts'
import { submittedResult } from '../submit.ts'
import { VALIDATOR_HELP, validatorNamed } from '../validators.ts'
import { readAit, readPercentage, wrongValue } from '../values.ts'
import { addStakeVerbs } from './stake.ts'
import { addEvidence } from './validator-evidence.ts'
import { addSigning } from './validator-signing.ts'
import { addViews } from './validator-views.ts'

const STATES = [
  ['pause', 'rest without an offence, from the next set that is not announced yet'],
  ['resume', 'come back after a pause'],
  ['unjail', 'come back from jail when its time is over'],
  ['exit', 'leave the set for good; the stake is free after the unbonding period'],
] as const

const LAST_EPOCH = 'its last epoch with power'

const VOTES = [
  ['admit', 'vote that a validator may enter, where admission is by authority'],
  ['expel', 'vote that a validator leaves, where admission is by authority'],
] as const

export function validatorCommands(program: Command, bind: Bind): void {
  const validator = program.command('validator').description('the validators')
  addViews(validator, bind)
  addStakeVerbs(validator, bind)
  addKeys(validator, bind)
  addRegister(validator, bind)
  addUpdate(validator, bind)
  addRotation(validator, bind)
  for (const [verb, words] of STATES) addStateChange(validator, bind, verb, words)
  for (const [verb, words] of VOTES) addVote(validator, bind, verb, words)
  addEvidence(validator, bind)
  addSigning(validator, bind)
}

function addKeys(validator: Command, bind: Bind): void {
  const keys = withKeys(validator.command('keys'))
    .option('--plain', 'in the clear; for development networks')
    .description('make the keys of a validator for the node of --home: account, validator, randomness, peer')
  bind(keys, async (context, _args, options) => {
    const file = keysFileOf(context, options)
    if ((options.passwordFile === undefined) !== (options.plain === true))
      throw usageFailure('--password-file FILE, or --plain')
    const { address } = await createNodeKeys(file, protectionOf(options))
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
  const register = withKeysAndWait(validator.command('register'))
    .requiredOption('--stake <ait>', 'what it stakes')
    .requiredOption('--name <text>', 'shown to people')
    .option('--commission <percent>', 'of the rewards of those who delegate', '5')
    .description('become a validator; `aitbc node run --mode validator --keys FILE` then takes part')
  bind(register, async (context, _args, options) => {
    const stake = readAit('--stake', String(options.stake))
    const commission = readPercentage('--commission', String(options.commission))
    const name = readName(String(options.name))
    const keys = await openKeysOf(context, options)
    const sender = parseAddress(keys.address)!
    await review(context, (parameters) => [
      `${formatAit(stake)} AIT of its own for ${name} (${keys.address})`,
      lossWords('this validator', parameters),
      wayBackWords(parameters, LAST_EPOCH),
    ])
    const proved = await possession(context, sender, keys)
    const payload: ValidatorRegister = { type: 'validator.register', ...proved, stake, commission, name }
    return submittedResult(
      await submitAs(context, { address: sender, key: keys.accountKey }, payload, options),
    )
  })
}

/** Public keys with the proofs that they are here. */
async function possession(
  { rpc }: Context,
  sender: Address,
  { validatorKey, randomnessKey }: Pick<NodeKeys, 'validatorKey' | 'randomnessKey'>,
) {
  const { chainId } = await rpc.call('node_status', {})
  const message = possessionMessage(chainId, sender)
  return {
    validatorKey: validatorKey.publicKey,
    randomnessKey: randomnessKey.publicKey,
    validatorKeyProof: await validatorKey.sign(message),
    randomnessKeyProof: (await randomnessKey.prove(message)).proof,
  }
}

/** Both pairs stay in the file, which the running node reads again: the old one signs until no set names it. */
function addRotation(validator: Command, bind: Bind): void {
  const rotate = withKeysAndWait(validator.command('rotate-keys')).description(
    'change the keys that sign; the running node goes over to the new ones by itself',
  )
  bind(rotate, async (context, _args, options) => {
    const keys = await openKeysOf(context, options)
    const sender = parseAddress(keys.address)!
    const view = await context.rpc.call('validator_get', { address: keys.address })
    const parameters = await context.rpc.call('chain_parameters', {})
    const head = await context.rpc.call('chain_head', {})
    const nextAtMs = (view.rotatedAtMs ?? 0) + Number(parameters.unbondingMs)
    // The file would let go of a pair that may still have to sign.
    if (view.rotatedAtMs !== null && head.timestampMs < nextAtMs) {
      const code = 'rotation-too-early'
      const { message, data } = refusalOf(code, { nextAtMs: String(nextAtMs) })
      throw new CommandFailure(code, message, data)
    }
    const registered = fromHex(view.validatorKey)!
    const made = await prepareRotation(keysFileOf(context, options), protectionOf(options), registered)
    const payload = { type: 'validator.rotateKey', ...(await possession(context, sender, made)) } as const
    const submitted = await submitAs(context, { address: sender, key: keys.accountKey }, payload, options)
    const result = submittedResult(submitted)
    return {
      ...result,
      lines: [
        ...result.lines,
        'leave the node running: it signs with the old keys until the first set that names the new ones, and goes over by itself',
        'a backup made before does not hold the new keys: make another one',
      ],
    }
  })
}

function addUpdate(validator: Command, bind: Bind): void {
  const update = withKeysAndWait(validator.command('update'))
    .option('--name <text>', 'shown to people')
    .option('--commission <percent>', 'of the rewards of those who delegate')
    .description('announce another name or commission; it holds from the epoch after the next')
  bind(update, async (context, _args, options) => {
    const { name: nameText, commission: percentage } = options as { name?: string; commission?: string }
    if (nameText === undefined && percentage === undefined)
      throw usageFailure('--name TEXT, --commission PERCENT')
    const name = nameText === undefined ? undefined : readName(nameText)
    const commission = percentage === undefined ? undefined : readPercentage('--commission', percentage)
    const signer = await keySigner(context, options)
    const view = await context.rpc.call('validator_get', { address: formatAddress(signer.address) })
    const before = view.announced ?? view
    const payload = {
      type: 'validator.update',
      name: name ?? before.name,
      commission: commission ?? before.commission,
    } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}

function readName(text: string): string {
  if (!isValidName(text)) throw wrongValue('--name', text, '1 to 32 bytes of visible text')
  return text
}

function addStateChange(
  validator: Command,
  bind: Bind,
  verb: (typeof STATES)[number][0],
  words: string,
): void {
  bind(withKeysAndWait(validator.command(verb)).description(words), async (context, _args, options) => {
    const signer = await keySigner(context, options)
    if (verb === 'exit')
      await review(context, (parameters) => [
        `${formatAddress(signer.address)} leaves for good; its own stake goes on its way back by itself, its delegators take back theirs`,
        wayBackWords(parameters, LAST_EPOCH),
      ])
    return submittedResult(await submitAs(context, signer, { type: `validator.${verb}` }, options))
  })
}

function addVote(validator: Command, bind: Bind, verb: (typeof VOTES)[number][0], words: string): void {
  const vote = withKeysAndWait(validator.command(verb))
    .argument('<validator>', VALIDATOR_HELP)
    .description(words)
  bind(vote, async (context, [text], options) => {
    const signer = await keySigner(context, options)
    const { address } = await validatorNamed(context.rpc, text!)
    const payload = { type: `validator.${verb}`, validator: parseAddress(address)! } as const
    return submittedResult(await submitAs(context, signer, payload, options))
  })
}
