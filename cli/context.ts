/** What every command gets: where the node and the wallets are, and how to speak. */
import { homedir } from 'node:os'
import path from 'node:path'
import type { Command } from 'commander'
import { RpcClient } from './rpc-client.ts'
import { readUrl } from './values.ts'

/** The first validator of a development network on its usual port. */
export const DEFAULT_RPC_URL = 'http://127.0.0.1:4183'

/** Where words go; tests give their own. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by Ctrl-C: long-running commands end then. */
  readonly signal: AbortSignal
}

export interface Context {
  readonly io: Io
  readonly json: boolean
  /** Wallets and the command line's settings. */
  readonly home: string
  readonly rpc: RpcClient
}

/** What a command hands back: JSON for programs, lines for people, and whether the chain refused. */
export interface CommandResult {
  readonly json: unknown
  readonly lines: readonly string[]
  readonly exitCode?: number
}

/** null: the command has printed as it went. */
export type CommandAction = (
  context: Context,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<CommandResult | null>

export function createContext(io: Io, options: Readonly<Record<string, unknown>>): Context {
  const rpcUrl =
    options.rpc === undefined
      ? readUrl('$AITBC_RPC', io.env.AITBC_RPC ?? DEFAULT_RPC_URL)
      : readUrl('--rpc', options.rpc as string)
  const home = (options.home as string | undefined) ?? io.env.AITBC_HOME ?? path.join(homedir(), '.aitbc')
  return { io, json: options.json === true, home: path.resolve(home), rpc: new RpcClient(rpcUrl) }
}

/** Binds a command's action: makes its context, prints what it answers, keeps its exit code. */
export type Bind = (command: Command, action: CommandAction) => void
