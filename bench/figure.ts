/** What a benchmark is and what it prints: one line of JSON a figure. */
import type { Machine } from './machine.ts'

export interface Value {
  /** Stable: scripts compare by it. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Of the value to what the same machine could do at best, or to a peer; the benchmark's file says which. */
  readonly ratio?: number
  /** How it came about: sizes, durations, parameters that differ from the development network's. */
  readonly detail?: Readonly<Record<string, number | string>>
}

export interface Printed extends Value {
  readonly machine: Machine
}

export interface BenchOptions {
  /** How long a load lasts, s; null: as long as the figure asks for. */
  readonly seconds: number | null
  /** Directory for CPU profiles of the validators; null: none. */
  readonly profileDirectory: string | null
  /** Progress, for people: not part of the figures. */
  say(text: string): void
}

/** Values that come out of one run together. */
export interface Benchmark {
  readonly names: readonly string[]
  /** Runs in a network namespace of its own, where the machine allows it: WebRTC then uses addresses that exist nowhere else. */
  readonly isolated?: true
  /** Fails with FigureUnavailable where the machine lacks something. */
  run(options: BenchOptions): Promise<readonly Value[]>
}

/** The machine lacks what the figure needs; the message says what and how to get it. */
export class FigureUnavailable extends Error {}

/** The smallest value that `share` of the samples do not exceed. Samples in any order, at least one. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

export function rounded(value: number, digits = 0): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
