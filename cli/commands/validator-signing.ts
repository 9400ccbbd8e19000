/** `aitbc validator signing-export`, `signing-resume` and `signing-import`: what a key has signed, moved from one machine to another. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import {
  exportSigningOf,
  importSigningInto,
  resumeSigningOf,
  type SigningHome,
} from '../../node-core/adapters/nodejs/signing-files.ts'
import type { Bind, Context } from '../context.ts'
import { readGenesis } from '../dev/genesis-file.ts'
import { CommandFailure, usageFailure } from '../failure.ts'
import { type Options, openKeysOf, withKeys } from '../signer.ts'

const FILE_MODE = 0o600
/** Larger files are no signing records, bytes. */
const FILE_BYTES = 1_000_000

export function addSigning(validator: Command, bind: Bind): void {
  const command = (verb: string, words: string) =>
    withKeys(validator.command(verb)).requiredOption('--genesis <file>', 'the chain').description(words)
  const place = async (context: Context, options: Options): Promise<SigningHome> => ({
    home: context.home,
    genesis: genesisOf(options.genesis as string),
    keys: await openKeysOf(context, options),
  })

  const exporting = command(
    'signing-export',
    'write what the key of --home signed last to a file; stop its node first. It signs nothing afterwards',
  )
    .argument('<file>')
    .option('--yes', 'this --home signs nothing more until signing-resume')
  bind(exporting, async (context, [file], options) => {
    confirmed(options, 'the node of this --home will sign nothing more, until signing-resume')
    if (existsSync(file!)) throw fileExists(file!)
    const text = await exportSigningOf(await place(context, options))
    const target = path.resolve(file!)
    writeNew(target, text)
    return {
      json: { file: target },
      lines: [
        `written to ${target}`,
        'the node of this --home signs nothing more; should the file be used nowhere, signing-resume ends that',
      ],
    }
  })

  const resuming = command(
    'signing-resume',
    'let the node of --home sign again after signing-export; stop it first',
  ).option('--yes', 'the exported file is used nowhere')
  bind(resuming, async (context, _args, options) => {
    confirmed(options, 'no other node may sign by the file that was exported, now or later')
    const resumed = await resumeSigningOf(await place(context, options))
    const words = resumed ? 'the node of this --home signs again' : 'nothing was exported here'
    return { json: { resumed }, lines: [words] }
  })

  const importing = command(
    'signing-import',
    'merge such a file into the record of --home; stop its node first',
  ).argument('<file>')
  bind(importing, async (context, [file], options) => {
    const imported = await importSigningInto(await place(context, options), readSmall(file!))
    const { position, changed, signsFromHeight } = imported
    const words = changed
      ? `taken over: nothing is signed below height ${signsFromHeight}`
      : 'the record here is as far or further; nothing was changed'
    return { json: { position, changed, signsFromHeight }, lines: [words] }
  })
}

/** What two nodes that sign by one record lose is worth a second look. */
function confirmed(options: Options, what: string): void {
  if (options.yes !== true)
    throw usageFailure(`${what}; two that sign with one key lose half of the stake. --yes confirms`)
}

function genesisOf(file: string) {
  const genesis = readGenesis(file)
  if (genesis === null)
    throw new CommandFailure('genesis-missing', `there is no genesis in ${file}`, { file })
  return genesis
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: FILE_MODE, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw fileExists(file)
  }
}

function fileExists(file: string): CommandFailure {
  return new CommandFailure('file-exists', `${file} is there already`, { file })
}

function readSmall(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new CommandFailure('file-missing', `there is no file ${file}`, { file })
  if (size > FILE_BYTES)
    throw new CommandFailure('not-a-signing-record', 'the file is too large to be a signing record', { file })
  return readFileSync(file, 'utf8')
}
