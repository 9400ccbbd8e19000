import { describe, expect, it } from 'vitest'
import { status } from '../../store/fixtures.ts'
import { type BootFacts, bootShare, bootSteps } from './boot-steps.ts'

const facts = (part: Partial<BootFacts>): BootFacts => ({
  phase: 'open',
  boot: {},
  peersAfterMs: null,
  status: null,
  ...part,
})

describe('the three steps', () => {
  it('begin with the browser and say what is being done', () => {
    const [join, check, watch] = bootSteps(
      facts({ boot: { browser: { step: 'browser', state: 'working' } } }),
    )
    expect(join).toMatchObject({ state: 'working', line: 'Looking what this browser can do' })
    expect(check.state).toBe('waiting')
    expect(watch.line).toBe('At once, as a light node; vote when you add stake')
  })

  it('count peers and verified certificates', () => {
    const syncing = status({
      phase: 'syncing',
      head: { height: 34_210, blockId: '0x', timestampMs: 0 },
      bestSeenHeight: 48_217,
    })
    const steps = bootSteps(facts({ status: syncing, peersAfterMs: 1800 }))
    expect(steps[0]).toMatchObject({ state: 'done', line: '7 peers in 1.8 s, 3 of them direct' })
    expect(steps[1]).toMatchObject({ state: 'working', line: 'Certificates verified to 34,210 of 48,217' })
    expect(steps[1].share).toBeCloseTo(0.7095, 3)
    expect(bootShare(steps)).toBeCloseTo((1 + 0.7095) / 3, 3)
  })

  it('show the state of a checkpoint as it comes', () => {
    const sync = {
      phase: 'snapshot' as const,
      done: 250_000,
      total: 1_000_000,
      reused: 0,
      height: 240,
      bytes: 4_096,
      sources: [{ peer: 'a', bytes: 4_096, outstandingBytes: 0 }],
      waitingFor: null,
      damage: null,
    }
    const [, check] = bootSteps(facts({ status: status({ phase: 'syncing', head: null, sync }) }))
    expect(check).toMatchObject({ state: 'working', share: 0.25 })
    expect(check.line).toMatch(/^State of block 240: 25\.0.% here and proved/)
  })

  it('are done when the node runs', () => {
    const steps = bootSteps(facts({ status: status() }))
    expect(steps.map((step) => step.state)).toEqual(['done', 'done', 'done'])
    expect(bootShare(steps)).toBe(1)
  })

  it('say which part failed', () => {
    const [join] = bootSteps(facts({ boot: { relay: { step: 'relay', state: 'failed' } } }))
    expect(join).toMatchObject({ state: 'failed', line: 'No relay answers; trying again' })
    const detail = { code: 'network-file-invalid', key: 'relays', value: '5', range: 'a list' }
    const [wrong] = bootSteps(facts({ boot: { node: { step: 'node', state: 'failed', detail } } }))
    expect(wrong.line).toContain('relays is 5; right would be a list')
  })
})
