/** From an opened page to a reached node: checks the browser, opens the connection, gathers what the boot reports. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiError } from '../../node-core/node/node-api.ts'
import type { Support } from './browser-support.ts'
import type { BootEvent, BootStep, Connection } from './connection.ts'
import type { NodeStore } from './node-store.ts'
import { asApiError } from './query.ts'

export interface SessionState {
  readonly phase: 'checking' | 'not-supported' | 'opening' | 'open' | 'failed'
  readonly support: Support | null
  readonly connection: Connection | null
  readonly error: ApiError | null
  /** Newest event of each step. */
  readonly boot: Readonly<Partial<Record<BootStep, BootEvent>>>
  readonly startedAtMs: number
  /** When the first peer was there, for "in 1.8 s". */
  readonly peersAfterMs: number | null
}

export interface Session extends StoreApi<SessionState> {
  open(): Promise<void>
}

export interface SessionParts {
  readonly connect: () => Promise<Connection>
  readonly support: () => Promise<Support>
  readonly store: NodeStore
  readonly now: () => number
}

export function createSession({ connect, support, store, now }: SessionParts): Session {
  const session = createStore<SessionState>(() => ({
    phase: 'checking',
    support: null,
    connection: null,
    error: null,
    boot: {},
    startedAtMs: now(),
    peersAfterMs: null,
  }))
  const note = (event: BootEvent) =>
    session.setState((state) => ({
      boot: { ...state.boot, [event.step]: event },
      peersAfterMs:
        event.step === 'peers' && event.state === 'done'
          ? (state.peersAfterMs ?? now() - state.startedAtMs)
          : state.peersAfterMs,
    }))

  const open = async () => {
    session.setState({ phase: 'checking', error: null, startedAtMs: now() })
    note({ step: 'browser', state: 'working' })
    const found = await support()
    session.setState({ support: found })
    if (found.missing.length > 0) {
      note({ step: 'browser', state: 'failed', detail: { missing: found.missing } })
      session.setState({ phase: 'not-supported' })
      return
    }
    note({ step: 'browser', state: 'done' })
    session.setState({ phase: 'opening' })
    try {
      const connection = await connect()
      connection.progress(note)
      store.start(connection.node)
      session.setState({ phase: 'open', connection })
    } catch (reason) {
      session.setState({ phase: 'failed', error: asApiError(reason) })
    }
  }
  return Object.assign(session, { open })
}
