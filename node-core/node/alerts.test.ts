/** Whole nodes: what a villain with somebody's keys signs ends in an alert, and what is quiet in none. */
import { afterEach, describe, expect, it } from 'vitest'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { toHex } from '../lib/bytes.ts'
import { formatAddress } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import { encodeEvidence, pairOf } from '../protocol/codec-evidence.ts'
import { encodeEvidenceProof } from '../protocol/evidence-proof.ts'
import { messageSigningBytes } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Commit } from '../protocol/messages.ts'
import { BEHIND_HEIGHTS } from './constants.ts'
import type { AlertView } from './node-api.ts'
import { slashWrite } from './repositories.ts'
import { type Person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'

const TIMEOUT_MS = 90_000
const block = (digit: string) => `0x${digit.repeat(64)}` as Hash

let cluster: TestCluster
let observer: TestNode
let villain: MemoryNetwork

async function begin(unbondingMs: number): Promise<void> {
  // The window of presence outlives the test: the one that is away is not missed.
  const parameters = { unbondingMs, presenceWindowBlocks: 10_000 }
  cluster = await TestCluster.create({ validators: 4, parameters })
  for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
  observer = await cluster.start(null)
  villain = cluster.hub.createNetwork({ peer: 'villain' })
  await villain.start()
  await villain.dial(observer.network.addresses()[0]!, { timeoutMs: 1_000 })
  await untilBlock(observer.node, () => observer.node.chain.height >= 3)
}

afterEach(async () => {
  await villain.stop()
  await cluster.stop()
})

async function commit(who: Person, blockId: Hash, height: Height, round = 0): Promise<Commit> {
  const fields = { type: 'commit', height, round, sender: who.address, blockId } as const
  const bytes = messageSigningBytes(cluster.genesis.chainId, observer.node.chain.setAt(height)!.hash, fields)
  return { ...fields, signature: await who.validatorKey.sign(bytes) }
}

/** Resolves with the first alert of this kind that the topic tells, or tells to be over. */
function alertOf(kind: AlertView['kind'], active = true): Promise<AlertView> {
  return new Promise((resolve) => {
    observer.api.subscribe('alerts', (event) => {
      if ('alert' in event && event.alert.kind === kind && event.alert.active === active) resolve(event.alert)
    })
  })
}

describe('alerts', () => {
  it(
    'tell of evidence, of what it means and of what it cost, and are there after a restart',
    async () => {
      await begin(600_000)
      expect((await observer.api.call('alert_list', {})).alerts).toEqual([])
      const bad = cluster.validators[3]!
      const { height } = observer.node.chain
      const [told, meant] = [alertOf('evidence'), alertOf('nothing-at-stake')]
      const [slashed, jailed] = [alertOf('slash'), alertOf('jailed')]
      const punished = alertOf('evidence', false)
      const pair = pairOf(await commit(bad, block('a'), height), await commit(bad, block('b'), height))
      await villain.publish('evidence', encodeEvidence(pair))
      const data = { validator: formatAddress(bad.address), offence: 'double-sign', height: String(height) }
      expect(await told).toMatchObject({ level: 'critical', active: true, data })
      expect(await meant).toMatchObject({ level: 'critical', data: { suspect: data.validator, value: '1' } })

      // Somebody sends it to the chain: half of the stake is gone, and there is nothing more to do about it.
      const [sender, accused] = [cluster.validators[0]!, { validatorKey: bad.validatorKey.publicKey, pair }]
      const validatorsHash = observer.node.chain.setAt(height)!.hash
      const proof = encodeEvidenceProof({ type: 'contradiction', validatorsHash, ...accused })
      await observer.node.submit(await cluster.sign(sender, { type: 'evidence.submit', proof }, 0))
      const { validator, offence } = data
      const amount = String(500n * UNITS_PER_AIT)
      expect(await slashed).toMatchObject({ level: 'high', data: { validator, offence, amount } })
      expect(await jailed).toMatchObject({ level: 'medium', data: { validator, offence } })
      expect(await punished).toMatchObject({ id: (await told).id, data })

      const address = formatAddress(bad.address)
      const slashes = (await observer.api.call('validator_get', { address })).slashes
      expect(slashes).toMatchObject([
        { offence, amount, fraction: 500_000, reporter: formatAddress(sender.address), proof: toHex(proof) },
      ])

      const { alerts } = await observer.api.call('alert_list', {})
      const kinds = alerts.map(({ kind }) => kind)
      expect(kinds.toSorted()).toEqual(['evidence', 'jailed', 'nothing-at-stake', 'slash'])
      const { detectors } = await observer.api.call('economy_attacks', {})
      expect(detectors.find(({ type }) => type === 'nothing-at-stake')).toMatchObject({
        threat: 'critical',
        heights: [height],
        suspects: [data.validator],
      })
      expect(detectors.filter(({ threat }) => threat !== null)).toHaveLength(1)

      await observer.stop()
      // A disk that bends what was written costs no more than that.
      for (const [place, json] of ['{"height":', 'null', '[]', '{"height":-0.5}'].entries())
        await observer.disk.open().commit([slashWrite(String(place), json)])
      const again = await cluster.start(null, { disk: observer.disk })
      const kept = (await again.api.call('alert_list', {})).alerts
      expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(alerts.map(({ id }) => id)))
      expect((await again.api.call('validator_get', { address })).slashes).toEqual(slashes)
    },
    TIMEOUT_MS,
  )

  it(
    'tell of another history that is signed with the keys of the past',
    async () => {
      // Keys are trusted for two thirds of it; a block is too old for that when it is too old for evidence as well.
      await begin(1_500)
      const height = 2
      const { node } = observer
      await untilBlock(node, () => node.chain.height > height + BEHIND_HEIGHTS)
      const stored = (await node.chain.load(height))!
      const set = (await node.chain.loadSetAt(height))!
      const commits = await Promise.all(
        cluster.validators.map(async (who) => {
          const { validatorsHash } = stored.certificate
          const fields = {
            type: 'commit',
            height,
            round: 0,
            sender: who.address,
            blockId: block('c'),
          } as const
          const bytes = messageSigningBytes(cluster.genesis.chainId, validatorsHash, fields)
          return { ...fields, signature: await who.validatorKey.sign(bytes) }
        }),
      )
      const { header, body } = stored.block
      const forged = encodeDecided({
        header,
        certificate: certificateFromCommits(set, commits),
        transactionIds: [],
        evidence: body.evidence,
        parentCertificate: body.parentCertificate,
      })
      const told = alertOf('long-range')
      await villain.publish('decided', forged)
      expect(await told).toMatchObject({ level: 'medium', data: { height: String(height), value: '1' } })
      expect((await node.chain.loadHeader(height))!.certificate.blockId).toBe(stored.certificate.blockId)
    },
    TIMEOUT_MS,
  )
})
