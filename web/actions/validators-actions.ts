import { LogOut, Moon, ShieldPlus, Sun } from 'lucide-react'
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

/** What one does about the own validator; each opens its review on the Validators page. */
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
    enabled: among('registered', 'entering', 'active', 'pausing', 'paused'),
    run: ({ navigate }) => navigate('/validators?do=leave'),
  },
]
