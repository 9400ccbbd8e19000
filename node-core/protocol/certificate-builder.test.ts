import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../lib/bytes.ts'
import { validatorSets } from './arbitraries.ts'
import { certificateFromCommits, certificateSigners } from './certificate-builder.ts'
import type { Address, Hash } from './ids.ts'
import type { Commit } from './messages.ts'
import type { Validator, ValidatorSet } from './validator-set.ts'

function setOf(powers: readonly bigint[]): ValidatorSet {
  const members = powers.map((power, i) => ({
    address: toHex(new Uint8Array(20).fill(i + 1)) as Address,
    validatorKey: new Uint8Array(32).fill(i),
    randomnessKey: new Uint8Array(32).fill(i),
    power,
    weight: 1n,
    priority: 0n,
  }))
  return {
    epoch: 0,
    firstHeight: 1,
    lastHeight: 10,
    members,
    totalPower: powers.reduce((sum, power) => sum + power, 0n),
  }
}

function commitOf(member: Validator): Commit {
  const mark = Number.parseInt(member.address.slice(2, 4), 16)
  return {
    type: 'commit',
    height: 5,
    round: 1,
    blockId: `0x${'cd'.repeat(32)}` as Hash,
    sender: member.address,
    signature: new Uint8Array(64).fill(mark),
  }
}

/** Of the given members, by index. */
function certificateOf(set: ValidatorSet, indexes: readonly number[]) {
  return certificateFromCommits(
    set,
    indexes.map((i) => commitOf(set.members[i]!)),
  )
}

describe('a certificate', () => {
  it('lists its signers in the order of the set, whatever the order of the votes', () => {
    const set = setOf([1n, 1n, 1n, 1n])
    const certificate = certificateOf(set, [3, 0, 2])
    expect(certificate.bitmap).toEqual(Uint8Array.of(0b1101))
    expect(certificate.signatures.map((signature) => signature[0])).toEqual([1, 3, 4])
    expect(certificateOf(set, [0, 2, 3])).toEqual(certificate)
    expect(certificateSigners(set, certificate)).toEqual({
      ok: true,
      members: [set.members[0], set.members[2], set.members[3]],
      power: 3n,
    })
  })

  it('needs more than two thirds of the power', () => {
    const set = setOf([1n, 1n, 1n])
    expect(certificateSigners(set, certificateOf(set, [0, 1]))).toEqual({ ok: false, code: 'no-quorum' })
    expect(certificateSigners(set, certificateOf(set, [0, 1, 2])).ok).toBe(true)
    const heavy = setOf([67n, 11n, 11n, 11n])
    expect(certificateSigners(heavy, certificateOf(heavy, [0])).ok).toBe(true)
    expect(certificateSigners(heavy, certificateOf(heavy, [1, 2, 3]))).toEqual({
      ok: false,
      code: 'no-quorum',
    })
  })

  it('holds exactly the voters, for any set and any of its members', () => {
    fc.assert(
      fc.property(validatorSets, fc.infiniteStream(fc.boolean()), (drawn, draws) => {
        const set = { ...drawn, firstHeight: 1, lastHeight: 10 }
        const voters = set.members.filter((_, i) => i === 0 || draws.next().value)
        const signers = certificateSigners(set, certificateFromCommits(set, voters.map(commitOf)))
        const power = voters.reduce((sum, voter) => sum + voter.power, 0n)
        if (3n * power > 2n * set.totalPower) expect(signers).toEqual({ ok: true, members: voters, power })
        else expect(signers).toEqual({ ok: false, code: 'no-quorum' })
      }),
    )
  })

  it('is refused when its shape is not right', () => {
    const set = setOf([1n, 1n, 1n, 1n])
    const good = certificateOf(set, [0, 1, 2])
    const code = (change: object) => {
      const signers = certificateSigners(set, { ...good, ...change })
      return signers.ok ? 'ok' : signers.code
    }
    expect(code({})).toBe('ok')
    expect(code({ scheme: 1 })).toBe('unknown-scheme')
    expect(code({ height: 11 })).toBe('wrong-height')
    expect(code({ height: 0 })).toBe('wrong-height')
    expect(code({ bitmap: Uint8Array.of(7, 0) })).toBe('wrong-bitmap')
    expect(code({ bitmap: new Uint8Array(0) })).toBe('wrong-bitmap')
    expect(code({ bitmap: Uint8Array.of(0b10111) })).toBe('wrong-bitmap')
    expect(code({ bitmap: Uint8Array.of(0b1111) })).toBe('wrong-signature-count')
    expect(code({ signatures: [...good.signatures, new Uint8Array(64)] })).toBe('wrong-signature-count')
  })

  it('is not made of votes for two things, or of a stranger', () => {
    const set = setOf([1n, 1n, 1n])
    const [a, b] = [commitOf(set.members[0]!), commitOf(set.members[1]!)]
    expect(() => certificateFromCommits(set, [a, { ...b, round: 2 }])).toThrow(/one block in one round/)
    expect(() =>
      certificateFromCommits(set, [a, { ...b, sender: `0x${'ee'.repeat(20)}` as Address }]),
    ).toThrow(/members/)
    expect(() => certificateFromCommits(set, [])).toThrow(/has a COMMIT/)
  })
})
