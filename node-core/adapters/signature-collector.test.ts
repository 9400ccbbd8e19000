import { describe, expect, it } from 'vitest'
import { Ed25519Batch, type SignedMessage } from './ed25519-batch.ts'
import { BATCH_SIGNATURES, LONGEST_MESSAGE_BYTES } from './ed25519-layout.ts'
import { diceOf, honest } from './odd-signatures.test-kit.ts'
import { SignatureCollector } from './signature-collector.ts'

const batch = await Ed25519Batch.create()
const dice = diceOf(3)
const good = Array.from({ length: 3 * BATCH_SIGNATURES }, () => honest(dice))
const bad = { ...good[0]!, message: Uint8Array.of(1) }

/** Notes what it is asked, in the order: sizes of batches, and 'alone'. */
function collecting(made: () => Promise<Ed25519Batch | null> = async () => batch, verdictAlone = false) {
  const asked: (number | 'alone' | 'other')[] = []
  const watched = async () => {
    const real = await made()
    if (!real) return null
    return {
      verify: (items: readonly SignedMessage[]) => {
        asked.push(items.length)
        return real.verify(items)
      },
    } as Ed25519Batch
  }
  const collector = new SignatureCollector(watched, async () => {
    asked.push('alone')
    return verdictAlone
  })
  return {
    asked,
    verify: (...items: SignedMessage[]) => Promise.all(items.map((item) => collector.verify(item))),
    collector,
  }
}

describe('signatures that are asked for at the same moment', () => {
  it('are one batch, and one alone is one too', async () => {
    const { asked, verify } = collecting()
    expect(await verify(...good.slice(0, 5))).toEqual(Array(5).fill(true))
    expect(await verify(good[7]!)).toEqual([true])
    expect(asked).toEqual([5, 1])
  })

  it('are several batches where they are many, with a turn for other events between two', async () => {
    const { asked, verify } = collecting()
    const verdicts = verify(...good)
    setImmediate(function other() {
      asked.push('other')
      if (asked.filter((each) => each === BATCH_SIGNATURES).length < 3) setImmediate(other)
    })
    await verdicts
    const sizes = asked.filter((each) => each !== 'other')
    expect(sizes).toEqual(Array(3).fill(BATCH_SIGNATURES))
    const [first, second, third] = asked.flatMap((each, i) => (each === BATCH_SIGNATURES ? [i] : []))
    expect(second! - first!).toBeGreaterThan(1)
    expect(third! - second!).toBeGreaterThan(1)
  })

  it('that are asked for as soon as a batch is done wait for the next turn too', async () => {
    const { asked, verify } = collecting()
    await verify(good[0]!, good[1]!, good[5]!)
    setImmediate(() => asked.push('other'))
    await verify(good[2]!, good[3]!, good[4]!)
    expect(asked).toEqual([3, 'other', 3])
  })
})

describe('what a batch does not accept', () => {
  it('is judged alone, and nothing else is', async () => {
    const { asked, verify } = collecting()
    expect(await verify(good[1]!, bad, good[2]!)).toEqual([true, false, true])
    expect(asked).toEqual([3, 'alone'])
  })

  it('is accepted where that judge accepts it', async () => {
    const { verify } = collecting(undefined, true)
    expect(await verify(good[1]!, bad, good[2]!)).toEqual([true, true, true])
  })
})

it('a platform without batches judges each alone, as does a message that is too long for them', async () => {
  const without = collecting(async () => null, true)
  expect(await without.verify(...good.slice(0, 3))).toEqual([true, true, true])
  expect(await without.verify(...good.slice(0, 3))).toEqual([true, true, true])
  expect(without.asked).toEqual(Array(6).fill('alone'))
  const long = { ...good[0]!, message: new Uint8Array(LONGEST_MESSAGE_BYTES + 1) }
  const { asked, verify } = collecting()
  await verify(long, long, long)
  expect(asked).toEqual(['alone', 'alone', 'alone'])
})
