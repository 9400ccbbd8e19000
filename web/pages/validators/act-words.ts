/** What each act of a validator does and what it may cost, in words. Pure. */
import { spanWords } from '../../ui/time-words.ts'

/** For the review before signing. */
export interface ActWords {
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly effects: readonly string[]
}

export type ValidatorAct = 'pause' | 'resume' | 'leave' | 'unjail' | 'rotate'

export function actWords(act: ValidatorAct, unbondingMs: number | null): ActWords {
  const unbonding = unbondingMs === null ? 'the unbonding time' : spanWords(unbondingMs)
  switch (act) {
    case 'pause':
      return {
        title: 'Pause my validator',
        lead: 'It rests without an offence, and comes back when you resume.',
        button: 'Sign and pause',
        effects: [
          'It keeps voting until the first set that is not announced yet; keep this tab open until then.',
          'While it rests it earns nothing, and absence is not counted.',
          'The stake stays bonded.',
        ],
      }
    case 'resume':
      return {
        title: 'Resume my validator',
        lead: 'It comes back with the first set that is not announced yet.',
        button: 'Sign and resume',
        effects: [
          'From then on it must vote: more than half of a window unsigned is an offence.',
          'The node says “ready” by itself once it is at the head.',
        ],
      }
    case 'leave':
      return {
        title: 'Leave the validators',
        lead: 'It gives its power back, and the stake returns after the unbonding time.',
        button: 'Sign and leave',
        effects: [
          'It keeps voting until the first set that is not announced yet; keep this tab open until then.',
          `The whole stake returns ${unbonding} after its last epoch with power.`,
          'Until then it can still be slashed for what was signed before.',
          'To come back it must register again.',
        ],
      }
    case 'unjail':
      return {
        title: 'Bring my validator back from jail',
        lead: 'It may come back once its time in jail is over and it has enough stake of its own.',
        button: 'Sign and bring it back',
        effects: [
          'It comes back with the first set that is not announced yet, once its node says “ready”.',
          'Offences are still counted: the next one may cost stake.',
        ],
      }
    case 'rotate':
      return {
        title: 'Change the keys of my validator',
        lead: 'New keys for votes and for randomness are made in this browser; the account stays as it is.',
        button: 'Sign and change the keys',
        effects: [
          'The new keys count from the first set that is not announced yet.',
          'The old keys vote until the last epoch that names them is over, then this tab goes over by itself; keep it open.',
          'A backup made before does not hold the new keys: make another one afterwards.',
          'What the old keys signed can still be punished, and keys are changed at most once in an unbonding time.',
        ],
      }
  }
}

/** A member's vote on another validator, where admission is by authority. */
export function voteWords(vote: 'admit' | 'expel', name: string): ActWords {
  const admits = vote === 'admit'
  return {
    title: admits ? `Admit ${name}` : `Expel ${name}`,
    lead: 'It is done once more than two thirds of the power have voted for it.',
    button: admits ? 'Sign and vote to admit' : 'Sign and vote to expel',
    effects: [
      admits
        ? 'Once admitted, it enters with its stake as others do.'
        : 'Once expelled, it leaves with the first set that is not announced yet; its stake is returned, not taken.',
      'The vote holds until this epoch ends; what is not decided by then must be voted on again.',
    ],
  }
}
