/**
 * Contract cases are data, so that one list runs under vitest in Node and on a page in a real browser. They depend on no
 * test runner: a case passes when `run` resolves and fails when it rejects.
 */
import { equalBytes, toHex } from '../lib/bytes.ts'

export interface ContractCase<Harness> {
  readonly name: string
  run(harness: Harness): Promise<void>
}

/** A new harness owns an empty place of its own; the runner disposes of it after each case. */
export type HarnessFactory<Harness> = () => Promise<Harness & { dispose(): Promise<void> }>

export function expectBytes(
  actual: Uint8Array | null | undefined,
  expected: Uint8Array | null,
  what: string,
): void {
  const same = actual && expected ? equalBytes(actual, expected) : (actual ?? null) === expected
  if (!same) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual ?? null)}`)
}

export function expectList(
  actual: readonly Uint8Array[],
  expected: readonly Uint8Array[],
  what: string,
): void {
  const show = (list: readonly Uint8Array[]) => list.map((bytes) => toHex(bytes.subarray(0, 16))).join(' ')
  const same =
    actual.length === expected.length && actual.every((bytes, i) => equalBytes(bytes, expected[i]!))
  if (!same) throw new Error(`${what}: expected [${show(expected)}], got [${show(actual)}]`)
}

export async function expectCode(operation: Promise<unknown>, code: string, what: string): Promise<void> {
  const outcome = await operation.then(
    () => 'fulfilled',
    (error: unknown) => (error as { code?: unknown } | null)?.code ?? error,
  )
  if (outcome !== code) throw new Error(`${what}: expected a rejection by '${code}', got ${String(outcome)}`)
}

function show(bytes: Uint8Array | null): string {
  return bytes ? toHex(bytes.subarray(0, 32)) : 'null'
}
