import { HandCoins, HandHeart, KeyRound, LogOut, Moon, ShieldPlus, Sun } from 'lucide-react'
import type { ValidatorState } from '../../node-core/node/node-api.ts'
import type { NodeState } from '../store/node-store.ts'
import type { Action } from './action.ts'

/** null: not known, or not to an observer. */
function ownState({ status }: NodeState): ValidatorState | null {
  return status === null || status.mode === 'observer' ? null : (status.validator?.state ?? 'none')
}

const among =
  (...wanted: readonly ValidatorState[]) =>
  (state: NodeState): boolean => {
    const own = ownState(state)
    return own !== null && wanted.includes(own)
  }

/** Has a key, and a node that has the state. */
function stakes({ status }: NodeState): boolean {
  return status?.account != null && status.mode !== 'observer'
}

/** What one does about stake and the own validator; each opens its review on the Validators page. */
export const validatorsActions: readonly Action[] = [
  {
    id: 'validator.become',
    group: 'Do',
    words: 'Become a validator',
    icon: ShieldPlus,
    enabled: among('none', 'left'),
    run: ({ navigate }) => navigate('/validators?do=become'),
  },
  {
    id: 'validator.pause',
    group: 'Do',
    words: 'Pause my validator',
    icon: Moon,
    enabled: among('entering', 'active', 'registered'),
    run: ({ navigate }) => navigate('/validators?do=pause'),
  },
  {
    id: 'validator.resume',
    group: 'Do',
    words: 'Resume my validator',
    icon: Sun,
    enabled: among('pausing', 'paused'),
    run: ({ navigate }) => navigate('/validators?do=resume'),
  },
  {
    id: 'validator.leave',
    group: 'Do',
    words: 'Leave the validators',
    icon: LogOut,
    enabled: among('registered', 'entering', 'active', 'pausing', 'paused', 'jailed'),
    run: ({ navigate }) => navigate('/validators?do=leave'),
  },
  {
    id: 'validator.unjail',
    group: 'Do',
    words: 'Bring my validator back from jail',
    icon: Sun,
    enabled: among('jailed'),
    run: ({ navigate }) => navigate('/validators?do=unjail'),
  },
  {
    id: 'validator.rotate',
    group: 'Do',
    words: 'Change the keys of my validator',
    icon: KeyRound,
    enabled: among('registered', 'entering', 'active', 'pausing', 'paused', 'jailed'),
    run: ({ navigate }) => navigate('/validators?do=rotate'),
  },
  {
    id: 'stake.delegate',
    group: 'Do',
    words: 'Delegate stake',
    icon: HandHeart,
    shortcut: 'd s',
    enabled: stakes,
    run: ({ navigate }) => navigate('/validators?do=delegate'),
  },
  {
    id: 'stake.claim',
    group: 'Do',
    words: 'Claim all rewards',
    icon: HandCoins,
    shortcut: 'd c',
    enabled: stakes,
    run: ({ navigate }) => navigate('/validators?do=claim'),
  },
]
