import { useCallback, useEffect, useRef, useState } from 'react'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import type { WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import { asApiError, type Query, type QueryState } from '../store/query.ts'
import { useConnection, useNode } from './node-context.tsx'

/** 'head': read again after each block (not while paused); 'once', and after each block until it succeeds; or every so many ms. */
export type Refresh = 'head' | 'once' | number

const LOADING: QueryState<never> = { state: 'loading', data: null, atMs: null, error: null }

/** Reads a method of the node and keeps it fresh. Data once held stays while it is read again. */
export function useQuery<M extends NodeMethod>(
  method: M,
  params: NodeMethods[M]['params'],
  refresh: Refresh = 'head',
): Query<NodeMethods[M]['result']> {
  const connection = useConnection()
  const read = useCallback(
    (text: string) => connection?.node.call(method, JSON.parse(text) as NodeMethods[M]['params']),
    [connection, method],
  )
  return useRead(`${method} ${JSON.stringify(params)}`, JSON.stringify(params), read, refresh)
}

/** The same over the wallet's reading methods. */
export function useWalletQuery<M extends WalletMethod>(
  method: M,
  params: WalletMethods[M]['params'],
  refresh: Refresh = 'once',
): Query<WalletMethods[M]['result']> {
  const connection = useConnection()
  const read = useCallback(
    (text: string) => connection?.wallet.call(method, JSON.parse(text) as WalletMethods[M]['params']),
    [connection, method],
  )
  return useRead(`${method} ${JSON.stringify(params)}`, JSON.stringify(params), read, refresh)
}

function useRead<T>(
  key: string,
  params: string,
  read: (params: string) => Promise<T> | undefined,
  refresh: Refresh,
): Query<T> {
  const [held, setHeld] = useState<{ key: string; query: QueryState<T> }>({ key, query: LOADING })
  const [tries, setTries] = useState(0)
  const pulse = usePulse(refresh)
  const running = useRef(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: pulse and tries mean "read again"
  useEffect(() => {
    const run = ++running.current
    const settle = (next: (before: QueryState<T>) => QueryState<T>) => {
      if (run !== running.current) return
      setHeld((before) => ({ key, query: next(before.key === key ? before.query : LOADING) }))
    }
    read(params)?.then(
      (data) => settle(() => ({ state: 'ready', data, atMs: Date.now(), error: null })),
      (reason) => settle((before) => failed(before, reason)),
    )
  }, [key, params, read, pulse, tries])

  const retry = useCallback(() => setTries((count) => count + 1), [])
  const query = held.key === key ? held.query : LOADING
  useRetryAtHead(refresh === 'once' && query.state === 'failed', retry)
  return { ...query, retry }
}

function failed<T>(before: QueryState<T>, reason: unknown): QueryState<T> {
  const error = asApiError(reason)
  // The node has changed its mode: what it had is not kept up any more.
  if (before.state === 'ready' && error.code !== 'not-in-this-mode') return { ...before, error }
  return { state: 'failed', data: null, atMs: null, error }
}

/** A node that is starting, or that another tab took over, refuses calls: what is read once is not missed for that. */
function useRetryAtHead(failing: boolean, retry: () => void): void {
  const head = useNode((state) => (failing ? (state.blocks.at(-1)?.height ?? 0) : 0))
  useEffect(() => {
    if (head > 0) retry()
  }, [head, retry])
}

function usePulse(refresh: Refresh): number {
  const head = useNode((state) => (refresh === 'head' ? (state.blocks.at(-1)?.height ?? 0) : 0))
  const [ticks, setTicks] = useState(0)
  useEffect(() => {
    if (typeof refresh !== 'number') return
    const timer = setInterval(() => setTicks((count) => count + 1), refresh)
    return () => clearInterval(timer)
  }, [refresh])
  return refresh === 'head' ? head : ticks
}
