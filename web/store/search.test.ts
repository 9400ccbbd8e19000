import { describe, expect, it } from 'vitest'
import type { NodeApi } from '../../node-core/node/node-api.ts'
import { block, view, vote } from './fixtures.ts'
import { createNodeStore, type NodeState } from './node-store.ts'
import { lookUp, searchHeld } from './search.ts'

const state: NodeState = {
  ...createNodeStore().getState(),
  blocks: [block(48_216), block(48_217)],
  consensus: view({
    height: 48_218,
    commitPower: 552_000,
    votes: [vote('Tern', 500_000), vote('Bodø', 63_000, { silentSinceHeight: 1 })],
  }),
}

describe('search in what is held', () => {
  it('finds heights by their first digits, the forming one first, the height itself last', () => {
    const found = searchHeld('482', state)
    expect(found.map((item) => item.words)).toEqual(['48,218', '48,217', '48,216', '482'])
    expect(found[0]).toMatchObject({ share: 0.552, detail: { forming: true }, to: '/consensus' })
    expect(searchHeld('48,217', state)[0]!.to).toBe('/explorer/block/48217')
  })

  it('offers an older height that exists, and none that does not', () => {
    expect(searchHeld('1200', state).map((item) => item.to)).toEqual(['/explorer/block/1200'])
    expect(searchHeld('99999', state)).toEqual([])
  })

  it('finds validators by name and says how they are', () => {
    expect(searchHeld('bod', state)).toMatchObject([
      { kind: 'validator', words: 'Bodø', detail: { state: 'silent' } },
    ])
    expect(searchHeld('', state)).toEqual([])
  })
})

describe('looking up', () => {
  const hash = `0x${'ab'.repeat(32)}`
  const asked: string[] = []
  const node = (known: string) =>
    ({
      call: async (method: string) => {
        asked.push(method)
        if (method !== known) throw { code: 'not-found', data: {} }
        return {
          hash,
          timestampMs: 5,
          payload: { type: 'transfer' },
          status: 'succeeded',
          balance: '1000000000',
        }
      },
      subscribe: () => () => {},
    }) as unknown as NodeApi

  it('asks the node what a whole hash is', async () => {
    expect(await lookUp(hash, node('chain_transaction'))).toMatchObject([
      { kind: 'transaction', detail: { state: 'transfer, succeeded' } },
    ])
    expect(await lookUp(hash, node('chain_block'))).toMatchObject([{ kind: 'block' }])
    expect(await lookUp(hash, node('nothing'))).toEqual([])
  })

  it('asks of an address, and of nothing else', async () => {
    const address = `ait1${'q'.repeat(38)}`
    expect(await lookUp(address, node('chain_account'))).toMatchObject([
      { kind: 'account', detail: { balance: '1000000000' } },
    ])
    asked.length = 0
    expect(await lookUp('482', node('chain_block'))).toEqual([])
    expect(asked).toEqual([])
  })
})
