import { createContext, type ReactNode, use } from 'react'
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

/** null until the node is reached. */
export function useConnection(): Connection | null {
  return useHeld().connection
}
