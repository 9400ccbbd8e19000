/** Operations of one account put together into as few transactions as they take. */
import { MAX_BATCH_PAYLOADS } from './constants.ts'
import type { ChainParameters } from './genesis.ts'
import type { Gas } from './ids.ts'
import type { Batch } from './transaction.ts'

/** In order, as many together as a batch holds. */
export function batchesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / MAX_BATCH_PAYLOADS)
  return Array.from({ length: count }, (_, i) =>
    items.slice(i * MAX_BATCH_PAYLOADS, (i + 1) * MAX_BATCH_PAYLOADS),
  )
}

/** One payload goes alone. */
export function together<Single>(payloads: readonly Single[]): Single | Batch<Single> {
  const [first, ...others] = payloads
  return first !== undefined && others.length === 0 ? first : { type: 'batch', payloads }
}

/** What `count` payloads in one batch take less than alone. */
export function savedGas(count: number, { batchSavingGas }: Pick<ChainParameters, 'batchSavingGas'>): Gas {
  return batchSavingGas * Math.max(0, count - 1)
}
