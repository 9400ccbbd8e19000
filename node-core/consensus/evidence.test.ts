import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StatementFields } from '../protocol/evidence.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import { isAmnesia, isDoubleSign, offenceOf, sameSignedFields } from '../protocol/offence.ts'
import { commit, hashNumber, prePrepare, prepare, rejectOf, roundChange } from './builders.test-kit.ts'
import { type Fact, play, received, replica, START } from './script.test-kit.ts'

const B1 = hashNumber(1)
const B2 = hashNumber(2)
const proofOf = (blockId: typeof B1, round = 0) =>
  [0, 1, 2].map((sender) => prepare(sender, blockId, { round }))

function accusations(messages: readonly VerifiedMessage[]) {
  const facts = messages.map((message, i): Fact => [1_050 + i, received(message)])
  const { effects } = play(replica(), [START, ...facts])
  return effects.filter((effect) => effect.type === 'evidence-found')
}

const claimB1 = { prepared: { round: 0, blockId: B1 }, preparedCertificate: proofOf(B1) }

const OFFENCES: { description: string; first: VerifiedMessage; second: VerifiedMessage }[] = [
  {
    description: 'two PRE-PREPAREs',
    first: prePrepare(0, { blockId: B1 }),
    second: prePrepare(0, { blockId: B2 }),
  },
  { description: 'two PREPAREs', first: prepare(0, B1), second: prepare(0, B2) },
  { description: 'two COMMITs', first: commit(0, B1, { round: 1 }), second: commit(0, B2, { round: 1 }) },
  {
    description: 'two ROUND-CHANGEs',
    first: roundChange(0, { round: 1 }),
    second: roundChange(0, { round: 1, ...claimB1 }),
  },
  {
    description: 'two far ROUND-CHANGEs',
    first: roundChange(0, { round: 900 }),
    second: roundChange(0, { round: 900, ...claimB1 }),
  },
  { description: 'amnesia: nothing prepared', first: commit(0, B1), second: roundChange(0, { round: 1 }) },
  {
    description: 'amnesia: prepared in a lower round',
    first: commit(0, B1, { round: 1 }),
    second: roundChange(0, { round: 2, ...claimB1 }),
  },
  {
    description: 'amnesia: another block of that round',
    first: commit(0, B2),
    second: roundChange(0, { round: 1, ...claimB1 }),
  },
]

const INNOCENT: { description: string; messages: VerifiedMessage[] }[] = [
  { description: 'the same twice', messages: [prepare(0, B1), prepare(0, B1)] },
  {
    description: 'the same with other signature bytes',
    messages: [prepare(0, B1), { ...prepare(0, B1), signature: new Uint8Array(64).fill(9) }],
  },
  { description: 'two senders', messages: [prepare(0, B1), prepare(1, B2)] },
  { description: 'two rounds', messages: [commit(0, B1), commit(0, B2, { round: 1 })] },
  {
    description: 'the same claim with another proof',
    messages: [
      roundChange(0, { round: 1, ...claimB1 }),
      roundChange(0, {
        round: 1,
        ...claimB1,
        preparedCertificate: [0, 1, 3].map((sender) => prepare(sender, B1)),
      }),
    ],
  },
  {
    description: 'COMMIT and a ROUND-CHANGE that remembers it',
    messages: [commit(0, B1), roundChange(0, { round: 1, ...claimB1 })],
  },
  {
    description: 'COMMIT and a ROUND-CHANGE that remembers more',
    messages: [
      commit(0, B2),
      roundChange(0, { round: 2, prepared: { round: 1, blockId: B1 }, preparedCertificate: proofOf(B1, 1) }),
    ],
  },
  {
    description: 'COMMIT after a ROUND-CHANGE of its own round',
    messages: [roundChange(0, { round: 1 }), commit(0, B1, { round: 1 })],
  },
  { description: 'two REJECTs', messages: [rejectOf(0, B1, 'one'), rejectOf(0, B1, 'two')] },
]

describe('evidence', () => {
  it.each(OFFENCES)('$description', ({ first, second }) => {
    expect(accusations([first, second])).toEqual([{ type: 'evidence-found', first, second }])
  })

  it.each(OFFENCES.slice(5))('$description, the other way round', ({ first, second }) => {
    expect(accusations([second, first])).toEqual([{ type: 'evidence-found', first, second }])
  })

  it.each(INNOCENT)('innocent: $description', ({ messages }) => {
    expect(accusations(messages)).toEqual([])
  })

  it('an offence is shown once, however often its messages come', () => {
    const again = [prepare(0, B1), prepare(0, B2), prepare(0, hashNumber(3)), prepare(0, B2)]
    expect(accusations(again)).toHaveLength(1)
  })

  it('a replica does not accuse itself', () => {
    expect(accusations([prepare(3, B1), prepare(3, B2)])).toEqual([])
  })
})

const rounds = fc.integer({ min: 0, max: 3 })
const ids = fc.constantFrom(B1, B2)
const senders = fc.integer({ min: 0, max: 1 })
const anyMessage: fc.Arbitrary<VerifiedMessage> = fc.oneof(
  fc.tuple(senders, ids, rounds).map(([sender, id, round]) => prepare(sender, id, { round })),
  fc.tuple(senders, ids, rounds).map(([sender, id, round]) => commit(sender, id, { round })),
  fc.tuple(senders, ids, rounds).map(([sender, blockId, round]) => prePrepare(sender, { blockId, round })),
  fc
    .tuple(senders, rounds, fc.option(fc.record({ round: rounds, blockId: ids })))
    .map(([sender, round, prepared]) => roundChange(sender, { round, prepared })),
)

describe('what counts as an offence', () => {
  it('double signing is the same place and different words, in either order', () => {
    fc.assert(
      fc.property(anyMessage, anyMessage, (a, b) => {
        const samePlace =
          a.type === b.type && a.sender === b.sender && a.round === b.round && a.height === b.height
        if (a.type === 'reject' || b.type === 'reject') return
        expect(isDoubleSign(a, b)).toBe(samePlace && !sameSignedFields(a, b))
        expect(isDoubleSign(a, b)).toBe(isDoubleSign(b, a))
        const signedAgain: StatementFields = { ...a, signature: new Uint8Array(64).fill(1) } as typeof a
        expect(isDoubleSign(a, signedAgain)).toBe(false)
        expect(offenceOf(a, b)).toBe(offenceOf(b, a))
      }),
    )
  })

  it('a ROUND-CHANGE is amnesiac exactly when it claims less than the COMMIT showed', () => {
    fc.assert(
      fc.property(
        ids,
        rounds,
        rounds,
        fc.option(fc.record({ round: rounds, blockId: ids })),
        (id, at, later, prepared) => {
          const word = commit(0, id, { round: at })
          const claim = roundChange(0, { round: later, prepared })
          const forgets =
            !prepared || prepared.round < at || (prepared.round === at && prepared.blockId !== id)
          expect(isAmnesia(word, claim)).toBe(later > at && forgets)
          expect(isAmnesia(word, { ...claim, height: 2 })).toBe(false)
          expect(isAmnesia(word, { ...claim, sender: commit(1, id).sender })).toBe(false)
        },
      ),
    )
  })
})
