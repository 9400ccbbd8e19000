/** The round log, raw messages and evidence of the sample network. */
import type { RoundMessageView } from '../../node-core/node/consensus-api.ts'
import type {
  ConsensusView,
  EvidenceView,
  NodeMethods,
  RoundLogEntry,
} from '../../node-core/node/node-api.ts'
import type { Moment } from './answers.ts'
import { consensusAt, roundOf, startedAt } from './heights.ts'
import { hexOf } from './people.ts'

/** Heights that took a second round, as the designer drew them: who failed, why, who asked, how it went on. */
const ODD = [
  {
    height: 48_211,
    failed: 'Bodø',
    cause: 'no-proposal',
    code: null,
    asked: 937_000,
    ms: 4520,
    by: 'Lodestone',
  },
  {
    height: 48_196,
    failed: 'Bodø',
    cause: 'no-proposal',
    code: null,
    asked: 937_000,
    ms: 4610,
    by: 'Kestrel',
  },
  {
    height: 47_951,
    failed: 'Ostrava',
    cause: 'dropped',
    code: 'too-soon',
    asked: 912_000,
    ms: 930,
    by: 'Marram',
  },
  {
    height: 47_406,
    failed: 'Skerry',
    cause: 'invalid',
    code: 'wrong-state-root',
    asked: 843_000,
    ms: 880,
    by: 'Tern',
  },
] as const

const EVIDENCE_HEIGHT = 48_204
/** Raw messages of heights before are given up. */
const RAW_BLOCKS = 120

export function roundsAnswer(
  moment: Moment,
  { height, round, messages }: NodeMethods['consensus_rounds']['params'],
): NodeMethods['consensus_rounds']['result'] {
  const { chain, head } = moment
  const oldest = Math.max(1, head - 199)
  const lived = height !== undefined && height >= oldest && height <= head + 1
  const shown = round ?? (height === undefined ? 0 : roundOf(height))
  const elapsed = height === head + 1 ? moment.nowMs - startedAt(chain, head + 1) : Number.POSITIVE_INFINITY
  const consensus = lived && shown <= roundOf(height) ? consensusAt(chain, height, elapsed, shown) : null
  const answer = {
    oldestHeight: oldest,
    newestHeight: head + 1,
    rawMessages: { oldestHeight: Math.max(1, head - RAW_BLOCKS), budgetBytes: 8_388_608 },
    log: ODD.filter((odd) => odd.height <= head && (height === undefined || height === odd.height)).map(
      (odd) => logEntry(moment, odd),
    ),
    consensus,
  }
  if (messages !== true || consensus === null) return answer
  return { ...answer, messages: consensus.height < head - RAW_BLOCKS ? [] : messagesOf(consensus) }
}

function logEntry({ chain }: Moment, odd: (typeof ODD)[number]): RoundLogEntry {
  const memberOf = (name: string) => chain.members.find((member) => member.name === name)
  return {
    atMs: startedAt(chain, odd.height) + 4000,
    height: odd.height,
    round: 1,
    kind: 'round-entered',
    reason: 'timeout',
    validator: memberOf(odd.failed)?.address ?? null,
    failure: { cause: odd.cause, code: odd.code, leftBy: 'timeout' },
    askedPower: odd.asked,
    recovered: {
      round: 1,
      afterMs: odd.ms,
      proposer: memberOf(odd.by)?.address ?? '',
      proposerName: odd.by,
    },
  }
}

function messagesOf(view: ConsensusView): readonly RoundMessageView[] {
  const all = view.votes.flatMap((vote) =>
    (['pre-prepare', 'prepare', 'commit'] as const).flatMap((type): readonly RoundMessageView[] => {
      const afterMs = { 'pre-prepare': vote.prePrepareMs, prepare: vote.prepareMs, commit: vote.commitMs }[
        type
      ]
      if (afterMs === null) return []
      const fields = {
        type,
        height: view.height,
        round: view.round,
        sender: vote.validator,
        signature: hexOf(64, 'signature', type, view.height, vote.name),
        blockId: view.blockId,
      }
      const bytes = hexOf(177, 'bytes', type, view.height, vote.name)
      return [{ type, round: view.round, validator: vote.validator, name: vote.name, afterMs, fields, bytes }]
    }),
  )
  return all.sort((a, b) => a.afterMs - b.afterMs)
}

export function evidenceAt({ chain, options }: Moment): readonly EvidenceView[] {
  const offender = chain.members.find((member) => member.name === 'Ostrava')
  if (!options.evidence || offender === undefined) return []
  const statement = (which: string) => ({
    type: 'prepare' as const,
    round: 0,
    blockId: hexOf(32, 'evidence', which),
    prepared: null,
    signature: hexOf(64, 'evidence signature', which),
  })
  return [
    {
      id: hexOf(32, 'evidence'),
      offence: 'double-sign',
      validator: offender.address,
      height: EVIDENCE_HEIGHT,
      atMs: startedAt(chain, EVIDENCE_HEIGHT) + 300,
      source: 'messages',
      first: hexOf(113, 'first'),
      second: hexOf(113, 'second'),
      statements: [statement('first'), statement('second')],
      bytes: hexOf(240, 'evidence bytes'),
    },
  ]
}
