import { useState } from 'react'
import type { ApiError } from '../../node-core/node/node-api.ts'
import type { WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { asApiError } from '../store/query.ts'
import { useConnection } from './node-context.tsx'

export interface Act<P, R> {
  /** Resolves with null when it failed; the error is in `error`. */
  run(params: P): Promise<R | null>
  readonly busy: boolean
  readonly error: ApiError | null
  readonly result: R | null
  reset(): void
}

interface Progress<R> {
  readonly busy: boolean
  readonly error: ApiError | null
  readonly result: R | null
}

/** One wallet call made by a person: busy while it runs, its error as a value, its result kept. */
export function useAct<M extends WalletMethod>(
  method: M,
): Act<WalletMethods[M]['params'], WalletMethods[M]['result']> {
  const connection = useConnection()
  const [progress, setProgress] = useState<Progress<WalletMethods[M]['result']>>(IDLE)
  const run = async (params: WalletMethods[M]['params']) => {
    setProgress({ ...IDLE, busy: true })
    try {
      if (connection === null) throw { code: 'not-connected', data: {} }
      const result = await connection.wallet.call(method, params)
      setProgress({ busy: false, error: null, result })
      return result
    } catch (reason) {
      setProgress({ busy: false, error: asApiError(reason), result: null })
      return null
    }
  }
  return { ...progress, run, reset: () => setProgress(IDLE) }
}

const IDLE = { busy: false, error: null, result: null } as const
