import { ChevronLeft, ChevronRight, Radio } from 'lucide-react'
import type { Action, ActionContext } from './action.ts'

/** Height in the address, or the live one. */
function shownHeight({ store, search }: ActionContext): number | null {
  const asked = Number(search().get('height'))
  if (Number.isSafeInteger(asked) && asked > 0) return asked
  return store.getState().consensus?.height ?? null
}

function step(context: ActionContext, by: number): void {
  const height = shownHeight(context)
  const live = context.store.getState().consensus?.height
  if (height === null || live === undefined) return
  const next = Math.max(1, height + by)
  context.navigate(next >= live ? '/consensus' : `/consensus?height=${next}`)
}

export const consensusActions: readonly Action[] = [
  {
    id: 'consensus.before',
    group: 'View',
    words: 'Height before',
    icon: ChevronLeft,
    shortcut: '[',
    enabled: (state) => state.consensus !== null,
    run: (context) => step(context, -1),
  },
  {
    id: 'consensus.after',
    group: 'View',
    words: 'Height after',
    icon: ChevronRight,
    shortcut: ']',
    enabled: (state) => state.consensus !== null,
    run: (context) => step(context, 1),
  },
  {
    id: 'consensus.live',
    group: 'View',
    words: 'Live height',
    icon: Radio,
    shortcut: 'l',
    enabled: (state) => state.consensus !== null,
    run: ({ navigate }) => navigate('/consensus'),
  },
]
