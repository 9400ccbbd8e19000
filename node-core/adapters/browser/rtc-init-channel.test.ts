import { describe, expect, it, vi } from 'vitest'
import { InitChannel } from './rtc-init-channel.ts'

class RealChannel extends EventTarget {
  id = 3
  readyState: RTCDataChannelState = 'connecting'
  closes = 0

  close(): void {
    this.closes += 1
  }

  become(state: 'open' | 'closed'): void {
    this.readyState = state
    this.dispatchEvent(new Event(state === 'open' ? 'open' : 'close'))
  }
}

/** What @libp2p/webrtc does with the channel once it is connected. */
async function dialler(channel: InitChannel): Promise<string[]> {
  const seen: string[] = []
  if (channel.readyState !== 'open') await new Promise((resolve) => channel.addEventListener('open', resolve))
  seen.push('open')
  channel.close()
  await new Promise((resolve) => channel.addEventListener('close', resolve))
  seen.push('close')
  return seen
}

describe('init channel', () => {
  it('ends a dial whose other side was faster: opened and closed before anyone waited', async () => {
    const real = new RealChannel()
    const channel = new InitChannel(real)
    real.become('open')
    real.become('closed')
    expect(await dialler(channel)).toEqual(['open', 'close'])
    expect(real.closes).toBe(0)
  })

  it('ends a dial whose channel closes without ever opening', async () => {
    const real = new RealChannel()
    const dial = dialler(new InitChannel(real))
    real.become('closed')
    expect(await dial).toEqual(['open', 'close'])
  })

  it('waits for the real channel where that is slower', async () => {
    const real = new RealChannel()
    const channel = new InitChannel(real)
    const dial = dialler(channel)
    real.become('open')
    await vi.waitFor(() => expect(real.closes).toBe(1))
    expect(channel.readyState).toBe('closing')
    real.become('closed')
    expect(await dial).toEqual(['open', 'close'])
    expect(channel.readyState).toBe('closed')
  })

  it('does not wait for ever', async () => {
    vi.useFakeTimers()
    const real = new RealChannel()
    real.readyState = 'open'
    const dial = dialler(new InitChannel(real))
    await vi.runAllTimersAsync()
    expect(await dial).toEqual(['open', 'close'])
    vi.useRealTimers()
  })
})
