import { afterEach, describe, expect, it } from 'vitest'
import { fromHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import { decodeConsensusMessage } from '../../protocol/codec-messages.ts'
import { TestCluster, untilBlock } from '../test-cluster.ts'
import { roundsView } from './consensus-view.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

describe('a height that whole nodes decided', () => {
  it('shows its round, its votes and what was signed, as it was signed', async () => {
    cluster = await TestCluster.create({ validators: 4 })
    for (const validator of cluster.validators) await cluster.start(validator)
    const { node } = cluster.nodes[0]!
    await untilBlock(node, () => node.chain.height >= 2)

    const { consensus, messages } = roundsView(node, { height: 2, messages: true, limit: 10 })
    const decided = (await node.chain.load(2))!.certificate
    expect(consensus).toMatchObject({
      height: 2,
      round: decided.round,
      live: false,
      blockId: decided.blockId,
    })
    expect(consensus!.rounds.at(-1)).toMatchObject({ outcome: 'decided', failure: null })

    const commits = messages!.filter((message) => message.type === 'commit')
    expect(commits.length).toBeGreaterThanOrEqual(3)
    for (const { validator, fields, bytes } of commits) {
      const read = decodeConsensusMessage(fromHex(bytes)!)
      if (!read.ok) throw new Error('a raw message does not decode')
      expect(formatAddress(read.value.sender)).toBe(validator)
      expect(fields).toMatchObject({ type: 'commit', height: 2, blockId: decided.blockId, sender: validator })
    }
    expect(() => JSON.stringify(messages)).not.toThrow()
  })

  it('has no votes of a round or height that was not lived through', async () => {
    cluster = await TestCluster.create({ validators: 4 })
    for (const validator of cluster.validators) await cluster.start(validator)
    const { node } = cluster.nodes[0]!
    await untilBlock(node, () => node.chain.height >= 1)
    expect(roundsView(node, { height: 1, round: 30, messages: true, limit: 10 }).consensus).toBeNull()
    expect(roundsView(node, { height: 900, messages: true, limit: 10 })).not.toHaveProperty('messages')
  })
})
