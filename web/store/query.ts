/** A read of the node with its age: what the page knows, and how much to trust it. */
import type { ApiError } from '../../node-core/node/node-api.ts'

export type QueryState<T> =
  | { readonly state: 'loading'; readonly data: null; readonly atMs: null; readonly error: null }
  /** Held data; `error` is set when the newest try failed, and then the data is stale. */
  | { readonly state: 'ready'; readonly data: T; readonly atMs: number; readonly error: ApiError | null }
  | { readonly state: 'failed'; readonly data: null; readonly atMs: null; readonly error: ApiError }

export type Query<T> = QueryState<T> & { readonly retry: () => void }

/** Any rejection as an ApiError: those of the node pass, others are named 'internal' with their message. */
export function asApiError(reason: unknown): ApiError {
  if (typeof reason === 'object' && reason !== null && 'code' in reason && typeof reason.code === 'string') {
    const data =
      'data' in reason && typeof reason.data === 'object' && reason.data !== null ? reason.data : {}
    return { code: reason.code, data: data as ApiError['data'] }
  }
  return { code: 'internal', data: { message: reason instanceof Error ? reason.message : String(reason) } }
}
