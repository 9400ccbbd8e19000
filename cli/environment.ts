/** The environments in config/, and files of the same shape anywhere else. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Config, ENVIRONMENTS, type EnvironmentName, parseConfig } from '../node-core/protocol/config.ts'
import { CommandFailure } from './failure.ts'

export const PROJECT_ROOT = path.resolve(import.meta.dirname, '..')

/** By name (`development`) or by file. Fails with `config-unreadable` or `config-invalid`. */
export function readConfig(nameOrFile: string): Config {
  const file = fileOf(nameOrFile)
  const config = parseConfig(readJsonFile(file))
  if (!config.ok)
    throw new CommandFailure(
      'config-invalid',
      `${config.key} is ${config.value}; right would be ${config.range}`,
      { file },
    )
  return config.value
}

function fileOf(nameOrFile: string): string {
  if (!/^[a-z]+$/.test(nameOrFile)) return path.resolve(nameOrFile)
  if (!ENVIRONMENTS.includes(nameOrFile as EnvironmentName))
    throw new CommandFailure(
      'config-unreadable',
      `there is no environment "${nameOrFile}"; right would be ${ENVIRONMENTS.join(', ')} or a file`,
      { name: nameOrFile },
    )
  return path.join(PROJECT_ROOT, 'config', `${nameOrFile}.json`)
}

/** Fails with `config-unreadable` when there is no such file or it is not JSON. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CommandFailure(
      'config-unreadable',
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
      { file },
    )
  }
}
