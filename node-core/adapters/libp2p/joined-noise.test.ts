import { generateKeyPair } from '@libp2p/crypto/keys'
import type { MessageStream, MultiaddrConnection, StreamMessageEvent } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, it } from 'vitest'
import { joinedNoise } from './joined-noise.ts'

type Components = Parameters<ReturnType<typeof joinedNoise>>[0]

async function party() {
  const privateKey = await generateKeyPair('Ed25519')
  const peerId = peerIdFromPrivateKey(privateKey)
  const upgrader = { getStreamMuxers: () => new Map() }
  const components = { privateKey, peerId, logger: defaultLogger(), upgrader } as unknown as Components
  return { peerId, encrypter: joinedNoise()(components) }
}

/** Two ends of an encrypted connection, what the second has read, and how many messages its transport has brought it. */
async function connected() {
  const [dialler, listener] = await Promise.all([party(), party()])
  const [outbound, inbound] = multiaddrConnectionPair() as [MultiaddrConnection, MultiaddrConnection]
  const [out, into] = await Promise.all([
    dialler.encrypter.secureOutbound(outbound, { remotePeer: listener.peerId }),
    listener.encrypter.secureInbound(inbound, { remotePeer: dialler.peerId }),
  ])
  const read: number[] = []
  let messages = 0
  inbound.addEventListener('message', () => messages++)
  const stream = into.connection as MessageStream
  const has = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => read.length >= count && resolve()
      stream.addEventListener('message', ({ data }: StreamMessageEvent) => {
        read.push(...data.subarray())
        look()
      })
      look()
    })
  return { sender: out.connection as MessageStream, outbound, read, has, messages: () => messages }
}

it('sends what is written in one turn as one message of the transport, in order', async () => {
  const { sender, read, has, messages } = await connected()
  const all = has(4)
  for (const bytes of [[1], [2, 3], [4]]) expect(sender.send(Uint8Array.from(bytes))).toBe(true)
  await all
  expect(read).toEqual([1, 2, 3, 4])
  expect(messages()).toBe(1)
})

it('sends what waits before the connection closes, and nothing fails behind it', async () => {
  const { sender, outbound, read, has } = await connected()
  const all = has(2)
  sender.send(Uint8Array.of(7, 8))
  await Promise.all([all, outbound.close()])
  expect(read).toEqual([7, 8])
})
