/**
 * A Web Lock held until it is released. The browser frees it when the thread that asked for it ends in any way, a crash too,
 * so the worker that signs holds one of its own: its page may be gone a moment before it is.
 */
import { CodedError } from '../../ports/coded-error.ts'

/** Rejects with CodedError 'locks-missing' outside of a secure context, with an AbortError when `signal` fires first. */
export function holdWebLock(
  name: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<() => void> {
  const locks = navigator.locks as LockManager | undefined
  if (!locks) return Promise.reject(new CodedError('locks-missing'))
  return new Promise((resolve, reject) => {
    const hold = () => new Promise<void>((release) => resolve(() => release()))
    locks.request(name, { mode: 'exclusive', ...options }, hold).catch(reject)
  })
}
