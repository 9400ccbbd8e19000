import { digest } from '@chainsafe/as-sha256'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { describe, expect, it } from 'vitest'
import { DEFAULT_TOPIC_LIMITS } from '../../mesh/limits.ts'
import type { GossipVerdict } from '../../ports/network.ts'
import { GossipJudge, gossipOptions, messageId, TOPICS, topicId } from './gossip.ts'

describe('gossip', () => {
  it('names topics by chain', () => {
    expect(TOPICS.map((topic) => topicId('test-1', topic))).toEqual([
      '/aitbc/test-1/tx/1',
      '/aitbc/test-1/consensus/1',
      '/aitbc/test-1/decided/1',
      '/aitbc/test-1/evidence/1',
    ])
  })

  it('scores every topic, so that a rejected message counts, and no shared address', () => {
    const options = gossipOptions('test-1')
    expect(Object.keys(options.scoreParams!.topics!)).toEqual(options.allowedTopics)
    expect(options.scoreParams!.IPColocationFactorWeight).toBe(0)
    expect(options.globalSignaturePolicy).toBe('StrictNoSign')
  })

  it('identifies a message by its content', () => {
    const message = new TextEncoder().encode('message')
    expect(messageId(message)).toHaveLength(20)
    expect(messageId(message)).toEqual(messageId(message.slice()))
    expect(messageId(message)).not.toEqual(messageId(new TextEncoder().encode('massage')))
    // Ids are told to peers, and browsers have no hash of Node's.
    expect([...messageId(message)]).toEqual([...digest(message).subarray(0, 20)])
  })

  it('tells gossipsub the handler’s verdict, and ignores before there is a handler or when it fails', async () => {
    const refused: string[] = []
    const judge = new GossipJudge(DEFAULT_TOPIC_LIMITS, (topic, reason) => refused.push(`${topic} ${reason}`))
    const bytes = new Uint8Array(3)
    expect(await judge.judge('consensus', bytes, 'a')).toBe(TopicValidatorResult.Ignore)
    const verdicts: GossipVerdict[] = ['accept', 'ignore', 'reject']
    judge.handler = async () => verdicts.shift()!
    expect(await judge.judge('consensus', bytes, 'a')).toBe(TopicValidatorResult.Accept)
    expect(await judge.judge('consensus', bytes, 'a')).toBe(TopicValidatorResult.Ignore)
    expect(await judge.judge('consensus', bytes, 'a')).toBe(TopicValidatorResult.Reject)
    judge.handler = async () => {
      throw new Error('no')
    }
    expect(await judge.judge('consensus', bytes, 'a')).toBe(TopicValidatorResult.Ignore)
    const large = new Uint8Array(DEFAULT_TOPIC_LIMITS.decided.messageBytes + 1)
    expect(await judge.judge('decided', large, 'a')).toBe(TopicValidatorResult.Reject)
    expect(refused).toEqual(['consensus handler-failed', 'decided too-large'])
  })
})
