import { describe, expect, it } from 'vitest'
import type { BootEvent, Connection } from './connection.ts'
import { createNodeStore } from './node-store.ts'
import { createSession } from './session.ts'

const able = async () => ({ missing: [], wakeLock: true })

function parts(
  connect: () => Promise<Connection>,
  support: Parameters<typeof createSession>[0]['support'] = able,
) {
  let nowMs = 0
  const session = createSession({ connect, support, store: createNodeStore(), now: () => nowMs })
  return { session, pass: (ms: number) => (nowMs += ms) }
}

function connection(events: readonly BootEvent[]): Connection & { tell(event: BootEvent): void } {
  let told: (event: BootEvent) => void = () => {}
  return {
    node: { call: async () => Promise.reject({ code: 'not-found', data: {} }), subscribe: () => () => {} },
    wallet: { call: async () => Promise.reject({ code: 'not-found', data: {} }) },
    role: 'leader',
    progress: (listener) => {
      told = listener
      for (const event of events) listener(event)
      return () => {}
    },
    tell: (event) => told(event),
  }
}

describe('a session', () => {
  it('opens the connection and gathers what the boot reports', async () => {
    const reached = connection([{ step: 'node', state: 'done' }])
    const { session, pass } = parts(async () => reached)
    await session.open()
    expect(session.getState()).toMatchObject({ phase: 'open', connection: reached })
    pass(1800)
    reached.tell({ step: 'peers', state: 'done' })
    pass(1000)
    reached.tell({ step: 'peers', state: 'done' })
    expect(session.getState().boot.node?.state).toBe('done')
    expect(session.getState().peersAfterMs).toBe(1800)
  })

  it('does not start a node where the browser cannot run one', async () => {
    let asked = false
    const connect = async () => {
      asked = true
      return connection([])
    }
    const { session } = parts(connect, async () => ({ missing: ['webrtc'], wakeLock: true }))
    await session.open()
    expect(session.getState().phase).toBe('not-supported')
    expect(asked).toBe(false)
  })

  it('keeps the reason of a failure and can be tried again', async () => {
    let fails = true
    const { session } = parts(async () => {
      if (fails) throw { code: 'storage-failed', data: {} }
      return connection([])
    })
    await session.open()
    expect(session.getState()).toMatchObject({ phase: 'failed', error: { code: 'storage-failed' } })
    fails = false
    await session.open()
    expect(session.getState()).toMatchObject({ phase: 'open', error: null })
  })
})
