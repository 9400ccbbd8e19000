/** Reads ../shared/vectors/eip1559-base-fee.json where it is present (the rule's published table). */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextBaseFee } from './base-fee.ts'

const vectorFile = path.resolve(import.meta.dirname, '../../../shared/vectors/eip1559-base-fee.json')
const vectorsPresent = existsSync(vectorFile)
if (!vectorsPresent) console.info('base-fee: vectors are absent, passing over the published table')

const GENESIS = 1_000_000_000n

describe('base fee', () => {
  it.runIf(vectorsPresent)('follows the published table', () => {
    const { cases } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
      cases: { parentBaseFee: number; parentGasLimit: number; parentGasUsed: number; baseFee: number }[]
    }
    expect(cases.length).toBeGreaterThan(0)
    for (const each of cases) {
      const parent = {
        baseFeePerGas: BigInt(each.parentBaseFee),
        gasUsed: each.parentGasUsed,
        gasLimit: each.parentGasLimit,
      }
      expect(nextBaseFee(parent, GENESIS)).toBe(BigInt(each.baseFee))
    }
  })

  it.each([
    { title: 'stays at the target', fee: 1_000n, used: 50, next: 1_000n },
    { title: 'rises by an eighth after a full block', fee: 1_000n, used: 100, next: 1_125n },
    { title: 'falls by an eighth after an empty block', fee: 1_000n, used: 0, next: 875n },
    { title: 'rises by at least 1', fee: 101n, used: 51, next: 102n },
    { title: 'does not fall when the share rounds to nothing', fee: 101n, used: 49, next: 101n },
    { title: 'stops at a tenth of the genesis fee', fee: 100n, used: 0, next: 100n },
    { title: 'stops at a hundred times the genesis fee', fee: 99_999n, used: 100, next: 100_000n },
  ])('$title', ({ fee, used, next }) => {
    expect(nextBaseFee({ baseFeePerGas: fee, gasUsed: used, gasLimit: 100 }, 1_000n)).toBe(next)
  })

  it('never leaves its bounds nor moves by more than an eighth and 1', () => {
    const fees = fc.bigInt({ min: 1n, max: 10n ** 9n })
    fc.assert(
      fc.property(
        fees,
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 30_000_000 }),
        (genesis, factor, gasUsed) => {
          const baseFeePerGas = (genesis * BigInt(Math.max(factor, 1))) / 10n
          const next = nextBaseFee({ baseFeePerGas, gasUsed, gasLimit: 30_000_000 }, genesis)
          expect(next >= genesis / 10n && next <= genesis * 100n).toBe(true)
          const moved = next > baseFeePerGas ? next - baseFeePerGas : baseFeePerGas - next
          expect(moved <= baseFeePerGas / 8n + 1n).toBe(true)
        },
      ),
    )
  })
})
