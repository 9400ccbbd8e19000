import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PayloadView, TransactionView } from '../../../node-core/node/node-api.ts'
import {
  feeParts,
  kindWords,
  stageReason,
  stagesOf,
  transactionParts,
  transactionSentence,
} from './transaction-words.ts'

const names: Readonly<Record<string, string>> = { ait1me: 'Nightjar', ait1you: 'Tern' }
const say = (payload: PayloadView, status: TransactionView['status'] = 'succeeded') =>
  transactionSentence({ sender: 'ait1me', payload, status }, (address) => names[address] ?? address)

describe('each kind is one plain sentence', () => {
  test.each<[PayloadView, string]>([
    [{ type: 'transfer', to: 'ait1you', amount: '12500000000' }, 'Nightjar sent 12.50 AIT to Tern.'],
    [{ type: 'faucet.drip' }, 'Nightjar took a drip from the faucet.'],
    [
      { type: 'validator.register', name: 'Nightjar', stake: '1000000000000', commission: 50_000 },
      'Nightjar registered as the validator “Nightjar” with 1,000.00 AIT of stake and 5 % commission.',
    ],
    [{ type: 'validator.ready' }, 'Nightjar said that it is ready to enter the set.'],
    [
      { type: 'validator.update', name: 'Owl', commission: 25_000 },
      'Nightjar set its validator’s name to “Owl” and its commission to 2.5 %.',
    ],
    [{ type: 'validator.pause' }, 'Nightjar paused its validator.'],
    [{ type: 'validator.resume' }, 'Nightjar resumed its validator.'],
    [{ type: 'validator.exit' }, 'Nightjar left the validators.'],
    [{ type: 'validator.unjail' }, 'Nightjar brought its validator back from jail.'],
    [{ type: 'validator.rotateKey' }, 'Nightjar gave its validator new keys.'],
    [{ type: 'validator.admit', validator: 'ait1you' }, 'Nightjar voted to admit Tern to the validators.'],
    [{ type: 'validator.expel', validator: 'ait1you' }, 'Nightjar voted to expel Tern from the validators.'],
    [
      { type: 'stake.delegate', validator: 'ait1you', amount: '5000000000' },
      'Nightjar delegated 5.00 AIT to Tern.',
    ],
    [
      { type: 'stake.undelegate', validator: 'ait1you', amount: '5000000000' },
      'Nightjar asked 5.00 AIT of stake back from Tern.',
    ],
    [
      { type: 'stake.redelegate', from: 'ait1you', to: 'ait1me', amount: '5000000000' },
      'Nightjar moved 5.00 AIT of stake from Tern to Nightjar.',
    ],
    [{ type: 'stake.withdraw', position: 17 }, 'Nightjar withdrew stake that came back, number 17.'],
    [{ type: 'stake.claimRewards', validator: 'ait1you' }, 'Nightjar claimed its rewards from Tern.'],
    [
      { type: 'stake.compound', validator: 'ait1you', enabled: true },
      'Nightjar let its rewards from Tern join the stake.',
    ],
    [
      { type: 'stake.compound', validator: 'ait1you', enabled: false },
      'Nightjar let its rewards from Tern wait to be claimed.',
    ],
    [{ type: 'evidence.submit', proof: '0x' }, 'Nightjar sent evidence against a validator.'],
    [
      { type: 'multisig.create', threshold: 2, members: ['ait1me', 'ait1you', 'ait1b'] },
      'Nightjar made an account of several, which 2 of 3 can spend from.',
    ],
    [
      {
        type: 'multisig.propose',
        account: 'ait1several',
        payload: { type: 'transfer', to: 'ait1you', amount: '5000000000' },
      },
      'Nightjar proposed that ait1several should send 5.00 AIT to Tern.',
    ],
    [
      { type: 'multisig.approve', account: 'ait1several', proposal: 3 },
      'Nightjar approved proposal 3 of ait1several.',
    ],
    [
      { type: 'multisig.revoke', account: 'ait1several', proposal: 3 },
      'Nightjar took back its approval of proposal 3 of ait1several.',
    ],
    [
      { type: 'multisig.execute', account: 'ait1several', proposal: 3 },
      'Nightjar executed proposal 3 of ait1several.',
    ],
    [{ type: 'job.create' }, 'Nightjar sent a transaction of the kind job.create.'],
    [{ type: 'constructor' }, 'Nightjar sent a transaction of the kind constructor.'],
  ])('%j', (payload, sentence) => {
    expect(say(payload)).toBe(sentence)
  })

  test('no kind that the chain knows is told by its name alone', () => {
    const source = readFileSync(
      new URL('../../../node-core/node/views/payload-view.ts', import.meta.url),
      'utf8',
    )
    const kinds = [...source.matchAll(/^ {2}'([a-z]+\.[a-zA-Z]+)':/gm)].map((match) => match[1]!)
    expect(kinds.length).toBeGreaterThan(20)
    expect(kinds.filter((type) => say({ type }).includes('of the kind'))).toEqual([])
    expect(kinds.filter((type) => kindWords(type) === type)).toEqual([])
  })

  test('what failed, waits or was dropped is never told as done', () => {
    const transfer = { type: 'transfer', to: 'ait1you', amount: '1' }
    expect(say(transfer, 'failed')).toBe('Nightjar tried to send 0.000000001 AIT to Tern.')
    expect(say(transfer, 'pending')).toBe('Nightjar is waiting to send 0.000000001 AIT to Tern.')
    expect(say(transfer, 'dropped')).toBe('Nightjar wanted to send 0.000000001 AIT to Tern.')
  })

  test('a batch tells its first deeds', () => {
    const pause = { type: 'validator.pause' }
    const transfer = { type: 'transfer', to: 'ait1you', amount: '1000000000' }
    expect(say({ type: 'batch', payloads: [transfer, pause] })).toBe(
      'Nightjar did two things at once: send 1.00 AIT to Tern; pause its validator.',
    )
    expect(say({ type: 'batch', payloads: [pause, pause, pause, pause, pause] })).toContain('; and two more.')
  })

  test('odd payloads still make a sentence', () => {
    fc.assert(
      fc.property(
        fc.record({ type: fc.string() }),
        fc.dictionary(fc.string(), fc.anything()),
        (named, rest) => {
          const parts = transactionParts({
            sender: 'ait1me',
            payload: { ...rest, ...named },
            status: 'succeeded',
          })
          expect(parts.at(-1)).toBe('.')
        },
      ),
    )
  })
})

test('stages show only what is known', () => {
  expect(stagesOf('pending').map((mark) => mark.state)).toEqual(['now', 'later', 'later', 'later'])
  expect(stagesOf('succeeded').every((mark) => mark.state === 'done')).toBe(true)
  expect(stagesOf('dropped').map((mark) => mark.state)).toEqual(['done', 'missed', 'missed', 'missed'])
  expect(stageReason({ status: 'failed', height: 1_204, validUntilHeight: 0 })).toContain('block 1,204')
  expect(stageReason({ status: 'pending', height: null, validUntilHeight: 2_000 })).toContain(
    'by height 2,000',
  )
})

test('the parts of a fee add up to what was paid', () => {
  const parts = feeParts({ gasUsed: 21_000, feePaid: '23100' }, '1', 500_000)
  expect(parts).toEqual({ paid: 23_100n, base: 21_000n, burned: 10_500n, pool: 10_500n, tip: 2_100n })
  expect(feeParts({ gasUsed: 1, feePaid: '5' }, null, 500_000).tip).toBeNull()
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.nat({ max: 1_000 }),
      fc.nat({ max: 1_000_000 }),
      (gasUsed, feePaid, base, burned) => {
        const {
          paid,
          burned: fire,
          pool,
          tip,
        } = feeParts({ gasUsed, feePaid: `${feePaid}` }, `${base}`, burned)
        expect(fire! + pool! + tip!).toBe(paid)
      },
    ),
  )
})

test('kinds have short names', () => {
  expect(['validator.exit', 'job.create', 'toString'].map(kindWords)).toEqual([
    'leave',
    'job.create',
    'toString',
  ])
})
