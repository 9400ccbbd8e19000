import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { AlertBook, type AlertContent, EVENT_ACTIVE_MS, KEPT_ALERTS, SAME_ALERT_MS } from './alert-book.ts'
import type { AlertView } from './node-api.ts'
import { StorageKeeper } from './storage-keeper.ts'

const stalled: AlertContent = { kind: 'stalled', level: 'high', data: { height: '4' } }
const slash: AlertContent = { kind: 'slash', level: 'high', data: { amount: '7' } }

let nowMs: number
let told: AlertView[]
let disk: MemoryDisk
let storage: StorageKeeper

function open(): AlertBook {
  const clock = { ...systemClock, wallMs: () => nowMs }
  storage = new StorageKeeper(disk.open(), clock)
  return new AlertBook({
    storage,
    clock,
    telemetry: createTelemetry({ clock }),
    changed: (alert) => told.push(alert),
  })
}

/** Another, once all that this one wrote is durable. */
async function reopen(): Promise<AlertBook> {
  await storage.commit([])
  const again = open()
  await again.open()
  return again
}

beforeEach(() => {
  nowMs = 1_000
  told = []
  disk = new MemoryDisk()
})

describe('a condition', () => {
  it('is told when it begins, when it becomes worse and when it is over, under one id', () => {
    const book = open()
    book.holds('stalled', stalled)
    book.holds('stalled', stalled)
    book.holds('stalled', { ...stalled, level: 'critical' })
    book.holds('stalled', null)
    book.holds('stalled', null)
    expect(told.map(({ level, active }) => [level, active])).toEqual([
      ['high', true],
      ['critical', true],
      ['critical', false],
    ])
    expect(new Set(told.map(({ id, atMs }) => `${id} ${atMs}`)).size).toBe(1)
    expect(book.all()).toEqual(told.slice(-1))
  })

  it('that comes back soon is the same, later another', () => {
    const book = open()
    book.holds('stalled', stalled)
    book.holds('stalled', null)
    nowMs += SAME_ALERT_MS - 1
    book.holds('stalled', stalled)
    expect(book.all()).toMatchObject([{ id: told[0]!.id, active: true }])
    book.holds('stalled', null)
    nowMs += SAME_ALERT_MS
    book.holds('stalled', stalled)
    expect(book.all().map(({ active }) => active)).toEqual([true, false])
    expect(book.all()[0]!.id).not.toBe(told[0]!.id)
  })
})

describe('an event', () => {
  it('is told once, and is over after a day or when it is settled', () => {
    const book = open()
    book.happened('slash:a', slash)
    book.happened('slash:a', slash)
    book.happened('slash:b', slash)
    book.settled('slash:b')
    expect(book.openEvents('slash')).toEqual(['slash:a'])
    nowMs += EVENT_ACTIVE_MS
    book.pass()
    expect(book.openEvents('slash')).toEqual(['slash:a'])
    nowMs += 1
    book.pass()
    book.happened('slash:a', slash)
    expect(told.map(({ active }) => active)).toEqual([true, true, false, false])
  })
})

describe('the book', () => {
  it('is the same after a restart, and goes on with what is active', async () => {
    const book = open()
    book.happened('slash:a', slash)
    nowMs += 1
    book.holds('stalled', stalled)
    const again = await reopen()
    expect(again.all()).toEqual(book.all())
    again.happened('slash:a', slash)
    again.holds('stalled', null)
    expect(again.all()[0]).toMatchObject({ id: told[1]!.id, active: false })
    expect(again.all()).toHaveLength(2)
  })

  it('is bounded: what is over gives way first', async () => {
    const book = open()
    book.holds('stalled', stalled)
    for (let i = 0; i < KEPT_ALERTS + 10; i++) {
      nowMs += 1
      book.happened(`slash:${i}`, slash)
      book.settled(`slash:${i}`)
    }
    expect(book.all()).toHaveLength(KEPT_ALERTS)
    expect(book.all().at(-1)).toMatchObject({ kind: 'stalled', active: true })
    const again = await reopen()
    expect(again.all()).toEqual(book.all())
  })
})
