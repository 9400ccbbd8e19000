import { describe, expect, it } from 'vitest'
import { LOG_LINES, METRIC_SERIES } from './limits.ts'
import { MemoryClock } from './memory/memory-clock.ts'
import { createTelemetry } from './telemetry.ts'

const clock = new MemoryClock({ wallStartMs: 5_000 })

describe('telemetry', () => {
  it('keeps the newest lines in order and no more than its ring', () => {
    const telemetry = createTelemetry({ clock })
    for (let i = 0; i < LOG_LINES + 3; i++) telemetry.log('info', 'sync', `line ${i}`)
    const lines = telemetry.lines(LOG_LINES * 2)
    expect(lines).toHaveLength(LOG_LINES)
    expect(lines[0]?.message).toBe('line 3')
    expect(telemetry.lines(2).map((line) => line.message)).toEqual([
      `line ${LOG_LINES + 1}`,
      `line ${LOG_LINES + 2}`,
    ])
    expect(telemetry.lines(1)[0]).toMatchObject({ atMs: 5_000, level: 'info', area: 'sync' })
    expect(telemetry.lines(0)).toEqual([])
  })

  it('drops lines below its level, keeps one message on one line, and hands lines to the sink', () => {
    const seen: string[] = []
    const telemetry = createTelemetry({ clock, level: 'warn', sink: (line) => seen.push(line.message) })
    telemetry.log('info', 'gate', 'quiet')
    telemetry.log('error', 'gate', 'bad\nforged line')
    expect(seen).toEqual(['bad forged line'])
  })

  it('writes Prometheus text with escaped labels in a stable order', () => {
    const telemetry = createTelemetry({ clock })
    telemetry.count('gate_rejected_total', { reason: 'bad "bytes"\n\\' })
    telemetry.count('gate_rejected_total', { reason: 'bad "bytes"\n\\' }, 4)
    telemetry.gauge('peers', 3, { transport: 'webrtc', direction: 'inbound' })
    telemetry.gauge('peers', 2, { direction: 'inbound', transport: 'webrtc' })
    telemetry.count('9 lives')
    expect(telemetry.metrics()).toBe(
      [
        '# TYPE gate_rejected_total counter',
        'gate_rejected_total{reason="bad \\"bytes\\"\\n\\\\"} 5',
        '# TYPE peers gauge',
        'peers{direction="inbound",transport="webrtc"} 2',
        '# TYPE _9_lives counter',
        '_9_lives 1',
        '# TYPE telemetry_series_dropped_total counter',
        'telemetry_series_dropped_total 0',
        '',
      ].join('\n'),
    )
  })

  it('stops growing at its limit of series and says how much it dropped', () => {
    const telemetry = createTelemetry({ clock })
    for (let i = 0; i < METRIC_SERIES + 5; i++) telemetry.count('seen_total', { peer: `${i}` })
    telemetry.count('seen_total', { peer: '0' })
    expect(telemetry.metrics()).toContain('seen_total{peer="0"} 2\n')
    expect(telemetry.metrics()).not.toContain(`peer="${METRIC_SERIES}"`)
    expect(telemetry.metrics()).toContain('telemetry_series_dropped_total 5\n')
  })
})
