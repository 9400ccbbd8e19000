/** What every Network adapter does, as tests: an adapter's own test file calls `describeNetworkContract`. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../lib/bytes.ts'
import { DEFAULT_TOPIC_LIMITS, REQUEST_BYTES, RESPONSE_BYTES, type TopicLimits } from '../mesh/limits.ts'
import { decodePeers, encodePeersRequest, PEERS_PROTOCOL } from '../mesh/peer-exchange.ts'
import type { GossipVerdict, Network, NetworkEvent, PeerId, TopicName } from './network.ts'
import { NetworkError } from './network-error.ts'

export interface NetworkHarness {
  readonly chainId: string
  /** A network that is not started. The harness stops it at the end. */
  create(topicLimits?: TopicLimits): Promise<Network>
  close(): Promise<void>
}

const TIMEOUT = { timeoutMs: 10_000 }
const WAIT = { timeout: 20_000, interval: 10 }

export function describeNetworkContract(name: string, createHarness: () => Promise<NetworkHarness>): void {
  describe(`${name} as a Network`, () => {
    let harness: NetworkHarness
    beforeEach(async () => {
      harness = await createHarness()
    })
    afterEach(() => harness.close())

    const started = async (topicLimits?: TopicLimits) => {
      const network = await harness.create(topicLimits)
      const events: NetworkEvent[] = []
      network.on((event) => events.push(event))
      await network.start()
      return { network, events }
    }
    const join = async (from: Network, to: Network) => {
      const peer = await from.dial(to.addresses()[0]!, TIMEOUT)
      await vi.waitFor(() => {
        expect(from.subscribers('consensus')).toContain(to.self)
        expect(to.subscribers('consensus')).toContain(from.self)
      }, WAIT)
      return peer
    }
    const pair = async () => {
      const a = await started()
      const b = await started()
      await join(a.network, b.network)
      return { a: a.network, b: b.network, aEvents: a.events, bEvents: b.events }
    }

    describeConnections({ started, join, pair })
    describeGossip({ started, join, pair })
    describeRequests({ started, join, pair })

    it('tells on request whom else it is linked to', async () => {
      const { a, b } = await pair()
      const c = await started()
      await join(b, c.network)
      await vi.waitFor(async () => {
        const question = encodePeersRequest({ chainId: harness.chainId })
        const peers = decodePeers(await a.request(b.self, PEERS_PROTOCOL, question, TIMEOUT))
        expect(peers?.map(({ peer }) => peer)).toEqual([c.network.self])
        expect(peers![0]!.addresses.length).toBeGreaterThan(0)
      }, WAIT)
    })
  })
}

interface Steps {
  started(topicLimits?: TopicLimits): Promise<{ network: Network; events: NetworkEvent[] }>
  join(from: Network, to: Network): Promise<PeerId>
  pair(): Promise<{ a: Network; b: Network; aEvents: NetworkEvent[]; bEvents: NetworkEvent[] }>
}

/** Collects what a network's handler is given, and answers with `verdict`. */
function listen(
  network: Network,
  verdict: (topic: TopicName, text: string) => GossipVerdict = () => 'accept',
) {
  const heard: { topic: TopicName; text: string; from: PeerId }[] = []
  network.onGossip(async (topic, bytes, from) => {
    const text = new TextDecoder().decode(bytes)
    heard.push({ topic, text, from })
    return verdict(topic, text)
  })
  return heard
}

function describeConnections({ started, join, pair }: Steps): void {
  it('connects both ends and tells each of the other once', async () => {
    const a = await started()
    const b = await started()
    expect(await join(a.network, b.network)).toBe(b.network.self)
    const connected = (events: NetworkEvent[]) =>
      events.filter((event) => event.type === 'peer-connected').map((event) => event.connection.peer)
    expect(connected(a.events)).toEqual([b.network.self])
    await vi.waitFor(() => expect(connected(b.events)).toEqual([a.network.self]), WAIT)
    const [link] = a.network.connections()
    expect(link).toMatchObject({ peer: b.network.self, direction: 'outbound', relayed: false })
    expect(Math.abs(Date.now() - link!.openedAtMs)).toBeLessThan(60_000)
    expect(b.network.connections()[0]).toMatchObject({ peer: a.network.self, direction: 'inbound' })
  })

  it('tells both ends of a disconnect', async () => {
    const { a, b, aEvents, bEvents } = await pair()
    await a.disconnect(b.self)
    expect(a.connections()).toEqual([])
    await vi.waitFor(() => {
      expect(aEvents).toContainEqual({ type: 'peer-disconnected', peer: b.self })
      expect(bEvents).toContainEqual({ type: 'peer-disconnected', peer: a.self })
    }, WAIT)
  })

  it('tells the others when it stops', async () => {
    const { a, b, bEvents } = await pair()
    await a.stop()
    await vi.waitFor(() => expect(bEvents).toContainEqual({ type: 'peer-disconnected', peer: a.self }), WAIT)
    expect(b.connections()).toEqual([])
  })

  it('rejects a dial to nobody with a code', async () => {
    const { network } = await started()
    const gone = await started()
    const [address] = gone.network.addresses()
    await gone.network.stop()
    await expect(network.dial(address!, TIMEOUT)).rejects.toMatchObject({ code: 'dial-failed' })
  })

  it('refuses a blocked peer in both directions', async () => {
    const { a, b, aEvents } = await pair()
    a.block(b.self, Date.now() + 3_600_000)
    await vi.waitFor(() => {
      expect(aEvents).toContainEqual({ type: 'peer-disconnected', peer: b.self })
      expect(b.connections()).toEqual([])
    }, WAIT)
    await expect(a.dial(b.addresses()[0]!, TIMEOUT)).rejects.toMatchObject({ code: 'dial-failed' })
    await b.dial(a.addresses()[0]!, TIMEOUT).catch(() => {})
    await vi.waitFor(() => expect(b.connections()).toEqual([]), WAIT)
    expect(a.connections()).toEqual([])
  })

  it('lets a peer back in when the block is over', async () => {
    const { a, b } = await pair()
    a.block(b.self, Date.now() - 1)
    await vi.waitFor(() => expect(b.connections()).toEqual([]), WAIT)
    await join(b, a)
    expect(a.connections().map(({ peer }) => peer)).toEqual([b.self])
  })

  it('measures a round trip, and rejects for a peer that is not there', async () => {
    const { a, b } = await pair()
    expect(await a.ping(b.self, TIMEOUT)).toBeGreaterThanOrEqual(0)
    await a.disconnect(b.self)
    await expect(a.ping(b.self, TIMEOUT)).rejects.toMatchObject({ code: 'not-connected' })
  })
}

function describeGossip({ started, join, pair }: Steps): void {
  it('gives a message with its topic and sender to the handler', async () => {
    const { a, b } = await pair()
    const heard = listen(b)
    await a.publish('transactions', utf8('one'))
    await a.publish('consensus', utf8('two'))
    await a.publish('decided', utf8('three'))
    await vi.waitFor(() => expect(heard).toHaveLength(3), WAIT)
    expect(heard).toContainEqual({ topic: 'transactions', text: 'one', from: a.self })
    expect(heard).toContainEqual({ topic: 'consensus', text: 'two', from: a.self })
    expect(heard).toContainEqual({ topic: 'decided', text: 'three', from: a.self })
  })

  it('gives nothing but the topics that the handler is for, and publishes the others all the same', async () => {
    const { a, b } = await pair()
    const heard: string[] = []
    b.onGossip(
      async (_topic, bytes) => {
        heard.push(new TextDecoder().decode(bytes))
        return 'accept'
      },
      ['decided'],
    )
    await vi.waitFor(() => expect(a.subscribers('consensus')).toEqual([]), WAIT)
    expect(a.subscribers('decided')).toEqual([b.self])
    await a.publish('consensus', utf8('vote'))
    await a.publish('decided', utf8('decision'))
    await vi.waitFor(() => expect(heard).toContain('decision'), WAIT)
    expect(heard).toEqual(['decision'])
    const atA = listen(a)
    await b.publish('transactions', utf8('money'))
    await vi.waitFor(() => expect(atA.map(({ text }) => text)).toEqual(['money']), WAIT)
  })

  it('delivers the same bytes once', async () => {
    const { a, b } = await pair()
    const heard = listen(b)
    await a.publish('consensus', utf8('again'))
    await a.publish('consensus', utf8('again'))
    await a.publish('consensus', utf8('end'))
    await vi.waitFor(() => expect(heard.map(({ text }) => text)).toContain('end'), WAIT)
    expect(heard.filter(({ text }) => text === 'again')).toHaveLength(1)
  })

  it('passes on what was accepted, and nothing else', async () => {
    const { a, b } = await pair()
    const c = await started()
    await join(b, c.network)
    const atB = listen(b, (_topic, text) => text as GossipVerdict)
    const atC = listen(c.network)
    for (const text of ['ignore', 'reject', 'accept']) await a.publish('consensus', utf8(text))
    await vi.waitFor(() => expect(atC).toHaveLength(1), WAIT)
    expect(atB.map(({ text }) => text).sort()).toEqual(['accept', 'ignore', 'reject'])
    expect(atC).toEqual([{ topic: 'consensus', text: 'accept', from: b.self }])
  })

  it('does not let votes wait for slow transactions', async () => {
    const { a, b } = await pair()
    const votes: string[] = []
    const release = Promise.withResolvers<GossipVerdict>()
    let waiting = 0
    b.onGossip(async (topic, bytes) => {
      if (topic === 'transactions') {
        waiting += 1
        return release.promise
      }
      votes.push(new TextDecoder().decode(bytes))
      return 'accept'
    })
    for (let i = 0; i < 50; i++) await a.publish('transactions', utf8(`bundle ${i}`))
    await vi.waitFor(() => expect(waiting).toBe(50), WAIT)
    await a.publish('consensus', utf8('vote'))
    await vi.waitFor(() => expect(votes).toEqual(['vote']), WAIT)
    release.resolve('accept')
  })

  it('goes on after a handler that throws', async () => {
    const { a, b } = await pair()
    const heard: string[] = []
    b.onGossip(async (_topic, bytes) => {
      const text = new TextDecoder().decode(bytes)
      if (text === 'bad') throw new Error('handler failed')
      heard.push(text)
      return 'accept'
    })
    await a.publish('consensus', utf8('bad'))
    await a.publish('consensus', utf8('good'))
    await vi.waitFor(() => expect(heard).toEqual(['good']), WAIT)
  })

  it('refuses to publish nothing or more than the limit', async () => {
    const { network } = await started()
    const bytes = new Uint8Array(DEFAULT_TOPIC_LIMITS.consensus.messageBytes + 1)
    await expect(network.publish('consensus', bytes)).rejects.toMatchObject({ code: 'too-large' })
    await expect(network.publish('consensus', new Uint8Array(0))).rejects.toMatchObject({ code: 'too-large' })
  })

  it('keeps large messages of others from the handler', async () => {
    const consensus = { ...DEFAULT_TOPIC_LIMITS.consensus, messageBytes: 100 }
    const a = await started()
    const b = await started({ ...DEFAULT_TOPIC_LIMITS, consensus })
    await join(a.network, b.network)
    const heard = listen(b.network)
    await a.network.publish('consensus', utf8('x'.repeat(101)))
    await a.network.publish('consensus', utf8('x'.repeat(100)))
    await vi.waitFor(() => expect(heard).toHaveLength(1), WAIT)
    expect(heard[0]!.text).toHaveLength(100)
  })

  it('keeps a flood of one peer from the handler, and still hears another', async () => {
    const consensus = { ...DEFAULT_TOPIC_LIMITS.consensus, messagesPerSecond: 0.001, messageBurst: 5 }
    const a = await started()
    const b = await started({ ...DEFAULT_TOPIC_LIMITS, consensus })
    const c = await started()
    await join(a.network, b.network)
    await join(c.network, b.network)
    const heard = listen(b.network)
    for (let i = 0; i < 20; i++) await a.network.publish('consensus', utf8(`flood ${i}`))
    await a.network.publish('decided', utf8('end of flood'))
    await vi.waitFor(() => expect(heard.some(({ text }) => text === 'end of flood')).toBe(true), WAIT)
    await c.network.publish('consensus', utf8('calm'))
    await vi.waitFor(() => expect(heard.some(({ text }) => text === 'calm')).toBe(true), WAIT)
    expect(heard.filter(({ text }) => text.startsWith('flood'))).toHaveLength(5)
  })
}

function describeRequests({ started, pair }: Steps): void {
  it('answers a request with the handler’s bytes', async () => {
    const { a, b } = await pair()
    b.handle('echo/1', async (request, from) => utf8(`${new TextDecoder().decode(request)} from ${from}`))
    const response = await a.request(b.self, 'echo/1', utf8('hello'), TIMEOUT)
    expect(new TextDecoder().decode(response)).toBe(`hello from ${a.self}`)
    expect(await a.request(b.self, 'echo/1', new Uint8Array(0), TIMEOUT)).toEqual(utf8(` from ${a.self}`))
  })

  it('carries the largest request and response, and counts the bytes', async () => {
    const { a, b } = await pair()
    const large = new Uint8Array(RESPONSE_BYTES).map((_, i) => i % 251)
    b.handle('large/1', async (request) => {
      expect(request).toHaveLength(REQUEST_BYTES)
      return large
    })
    const response = await a.request(b.self, 'large/1', new Uint8Array(REQUEST_BYTES), TIMEOUT)
    expect(response).toHaveLength(RESPONSE_BYTES)
    expect(response.every((byte, i) => byte === large[i])).toBe(true)
    const [link] = a.connections()
    expect(link!.bytesIn).toBeGreaterThanOrEqual(RESPONSE_BYTES)
    expect(link!.bytesOut).toBeGreaterThanOrEqual(REQUEST_BYTES)
    expect(b.connections()[0]!.bytesIn).toBeGreaterThanOrEqual(REQUEST_BYTES)
  })

  it('serves requests side by side', async () => {
    const { a, b } = await pair()
    b.handle('echo/1', async (request) => request)
    const requests = Array.from({ length: 20 }, (_, i) => utf8(`request ${i}`))
    const responses = await Promise.all(
      requests.map((request) => a.request(b.self, 'echo/1', request, TIMEOUT)),
    )
    expect(responses.map((response) => new TextDecoder().decode(response))).toEqual(
      requests.map((request) => new TextDecoder().decode(request)),
    )
  })

  it('rejects with a code when the answer does not come', async () => {
    const { a, b } = await pair()
    b.handle('fails/1', async () => {
      throw new Error('no')
    })
    b.handle('large/1', async () => new Uint8Array(RESPONSE_BYTES + 1))
    b.handle('silent/1', () => new Promise(() => {}))
    const code = (protocol: string, options: { timeoutMs: number; signal?: AbortSignal } = TIMEOUT) =>
      a.request(b.self, protocol, utf8('?'), options).then(
        () => 'answered',
        (error: { code: string }) => error.code,
      )
    expect(await code('fails/1')).toBe('closed')
    expect(['closed', 'too-large']).toContain(await code('large/1'))
    expect(await code('unknown/1')).toBe('refused')
    expect(await code('silent/1', { timeoutMs: 50 })).toBe('timeout')
    expect(await code('silent/1', { ...TIMEOUT, signal: AbortSignal.abort() })).toBe('aborted')
    const abort = new AbortController()
    const aborted = code('silent/1', { ...TIMEOUT, signal: abort.signal })
    abort.abort()
    expect(await aborted).toBe('aborted')
  })

  it('rejects when the peer goes away meanwhile', async () => {
    const { a, b } = await pair()
    const asked = Promise.withResolvers<void>()
    b.handle('silent/1', () => {
      asked.resolve()
      return new Promise(() => {})
    })
    const outcome = expect(a.request(b.self, 'silent/1', utf8('?'), TIMEOUT)).rejects.toMatchObject({
      code: 'closed',
    })
    await asked.promise
    await b.disconnect(a.self)
    await outcome
  })

  it('tells of a peer whose request could not be read, and not of one whose handler failed', async () => {
    const { a, b, bEvents } = await pair()
    b.handle('test/1', async (request) => {
      throw request.length === 0 ? new NetworkError('refused') : new Error('a fault here')
    })
    await expect(a.request(b.self, 'test/1', utf8('x'), TIMEOUT)).rejects.toThrow()
    await expect(a.request(b.self, 'test/1', new Uint8Array(0), TIMEOUT)).rejects.toThrow()
    const told = () => bEvents.filter((event) => event.type === 'peer-misbehaved')
    await vi.waitFor(
      () => expect(told()).toEqual([{ type: 'peer-misbehaved', peer: a.self, reason: 'request-malformed' }]),
      WAIT,
    )
  })

  it('rejects a request that is too large, or to nobody', async () => {
    const { network } = await started()
    const request = new Uint8Array(REQUEST_BYTES + 1)
    await expect(network.request('nobody', 'echo/1', request, TIMEOUT)).rejects.toMatchObject({
      code: 'too-large',
    })
    await expect(network.request('nobody', 'echo/1', utf8('?'), TIMEOUT)).rejects.toMatchObject({
      code: 'not-connected',
    })
  })
}
