import { createContext, type ReactNode, use, useRef } from 'react'
import { useStore } from 'zustand'
import type { Connection } from '../store/connection.ts'
import type { NodeState, NodeStore } from '../store/node-store.ts'

interface Held {
  readonly store: NodeStore
  readonly connection: Connection | null
}

const Context = createContext<Held | null>(null)

export function NodeProvider({ store, connection, children }: Held & { readonly children: ReactNode }) {
  return <Context value={{ store, connection }}>{children}</Context>
}

function useHeld(): Held {
  const held = use(Context)
  if (held === null) throw new Error('outside of NodeProvider')
  return held
}

export function useNodeStore(): NodeStore {
  return useHeld().store
}

/** Part of the node's live state. The selector must return a held value or a primitive, not a new object. */
export function useNode<T>(selector: (state: NodeState) => T): T {
  return useStore(useHeld().store, selector)
}

/**
 * The same for what people read line by line: of changes that come faster than once a second they see the last. The page's
 * clock goes on while the page is paused, the rest does not.
 */
export function useNodeEachSecond<T>(selector: (state: NodeState) => T): T {
  const seen = useRef<{ readonly atMs: number; readonly value: T }>(null)
  return useStore(useHeld().store, (state) => {
    if (seen.current?.atMs !== state.nowMs) seen.current = { atMs: state.nowMs, value: selector(state) }
    return seen.current.value
  })
}

/** null until the node is reached. */
export function useConnection(): Connection | null {
  return useHeld().connection
}
