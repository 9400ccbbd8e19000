/** The Node page in words, and what of it may leave the browser. Pure. */
import type { NodeMethods, NodeStatus } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { stallWords } from '../../i18n/words.ts'
import { bytesWords } from '../../ui/amount-words.ts'
import { spanWords } from '../../ui/time-words.ts'

const MODE_WORDS: Readonly<Record<NodeStatus['mode'], string>> = {
  validator: 'a validator',
  full: 'a full node',
  light: 'a light node',
  observer: 'an observer',
}

/** "This tab is a validator and keeps up with the chain." */
export function nodeSentence(
  status: Pick<NodeStatus, 'mode' | 'phase' | 'stall' | 'haltedBecause' | 'head' | 'bestSeenHeight'>,
): string {
  const what = MODE_WORDS[status.mode]
  switch (status.phase) {
    case 'starting':
      return 'This tab’s node is starting.'
    case 'connecting':
      return `This tab is ${what}, and looks for its first peer.`
    case 'syncing': {
      const left = Math.max(0, status.bestSeenHeight - (status.head?.height ?? 0))
      return `This tab is ${what}, ${integer(left)} ${left === 1 ? 'block' : 'blocks'} behind and catching up.`
    }
    case 'halted':
      return 'This tab’s node has stopped itself.'
    case 'running':
      return status.stall === null
        ? `This tab is ${what} and keeps up with the chain.`
        : `This tab is ${what}. ${stallWords(status.stall)}.`
  }
}

export function nodeReason(
  status: Pick<NodeStatus, 'startedAtMs' | 'version' | 'chainId' | 'haltedBecause' | 'storage'>,
  nowMs: number,
): string {
  const since = `Version ${status.version} on the chain ${status.chainId}, running for ${spanWords(Math.max(0, nowMs - status.startedAtMs))}.`
  if (status.storage.trouble?.code === 'storage-lost')
    return `Its storage cannot be reached any more; under Storage is what that means and what to do. Nothing is signed. ${since}`
  return status.haltedBecause === null
    ? since
    : `It found something that must not be: ${status.haltedBecause}. Nothing is signed any more; copy a report below. ${since}`
}

/** Where data channels run, and what it means for a busy page. */
export function channelsWords(channels: NodeStatus['transport']['channels']): string {
  switch (channels) {
    case 'transferred':
      return 'in the worker: a busy page does not slow them'
    case 'bridged':
      return 'bridged by the page: a busy page slows them'
    case 'native':
      return 'native'
  }
}

/** Share of the quota in use, 0 to 1; null: not known. */
export function usedShare({ usedBytes, quotaBytes }: NodeStatus['storage']): number | null {
  return usedBytes === null || quotaBytes === null || quotaBytes <= 0
    ? null
    : Math.min(1, usedBytes / quotaBytes)
}

export const PASSWORD_MINIMUM = 12

/** null: fine, or still being typed. */
export function passwordProblem(password: string, again: string): string | null {
  if (password !== '' && password.length < PASSWORD_MINIMUM)
    return `At least ${PASSWORD_MINIMUM} characters; ${PASSWORD_MINIMUM - password.length} are missing`
  if (again !== '' && again !== password) return 'The two are not the same'
  return null
}

export type LogLine = NodeMethods['node_logs']['result'][number]
export type LogLevel = 'all' | 'info' | 'warn' | 'error'

const LEVELS = ['debug', 'info', 'warn', 'error']

export interface LogFilter {
  /** This level and those above it. */
  readonly level: LogLevel
  readonly area: string
  readonly text: string
}

export function logWhere(lines: readonly LogLine[], { level, area, text }: LogFilter): readonly LogLine[] {
  const wanted = text.trim().toLowerCase()
  const least = level === 'all' ? 0 : LEVELS.indexOf(level)
  return lines.filter((line) => {
    const rank = LEVELS.indexOf(line.level)
    return (
      (rank === -1 || rank >= least) &&
      (area === 'all' || line.area === area) &&
      (wanted === '' || line.message.toLowerCase().includes(wanted))
    )
  })
}

/** Areas that occur, in the order of the alphabet. */
export function areasOf(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.map((line) => line.area))].sort()
}

export interface FlatEntry {
  readonly name: string
  readonly value: string
}

/** A configuration as rows: 'budgets.diskBytes'. Lists of plain values stay one row. */
export function flatten(value: unknown, name = ''): readonly FlatEntry[] {
  if (typeof value !== 'object' || value === null)
    return [{ name, value: value === null ? 'none' : plainWords(name, value) }]
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return [{ name, value: value.length === 0 ? 'none' : value.join(', ') }]
  const entries = Object.entries(value)
  if (entries.length === 0) return [{ name, value: 'none' }]
  return entries.flatMap(([key, item]) => flatten(item, name === '' ? key : `${name}.${key}`))
}

/** Counts of bytes and of ms are named so; everything else stands as it is written in the configuration. */
function plainWords(name: string, value: unknown): string {
  const field = name.slice(name.lastIndexOf('.') + 1)
  if (typeof value === 'number' && /bytes/i.test(field)) return bytesWords(value)
  if (typeof value === 'number' && field.endsWith('Ms')) return `${integer(value)} ms`
  return String(value)
}

const SECRET_NAME = /(private|secret|password|passphrase|mnemonic|seed|token|credential|signing)/i
const REMOVED = 'removed'

/** A copy in which every field that may hold a secret is replaced, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) && typeof item !== 'boolean' ? REMOVED : withoutSecrets(item),
    ]),
  )
}
