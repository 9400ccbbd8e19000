import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight, Radio } from 'lucide-react'
import type { Action, ActionContext } from './action.ts'

/** Height in the address, or the live one. */
function shownHeight({ store, search }: ActionContext): number | null {
  const asked = Number(search().get('height'))
  if (Number.isSafeInteger(asked) && asked > 0) return asked
  return store.getState().consensus?.height ?? null
}

function stepOn(context: ActionContext): void {
  const height = shownHeight(context)
  const live = context.store.getState().consensus?.height
  if (height === null || live === undefined) return
  context.navigate(consensusPath(context, height + 1 >= live ? null : height + 1, null))
}

/** Back to the oldest height whose votes the node knows, and no further. */
async function stepBack(context: ActionContext): Promise<void> {
  if (context.connection === null) return
  const { oldestHeight } = await context.connection.node.call('consensus_rounds', { limit: 1 })
  const height = shownHeight(context)
  if (height !== null && height > oldestHeight) context.navigate(consensusPath(context, height - 1, null))
}

/** Filters stay as they are. null: live, or the round that decided. */
function consensusPath({ search }: ActionContext, height: number | null, round: number | null): string {
  const query = new URLSearchParams([...search()].filter(([name]) => name === 'votes' || name === 'clock'))
  if (height !== null) query.set('height', String(height))
  if (round !== null) query.set('round', String(round))
  return query.size === 0 ? '/consensus' : `/consensus?${query}`
}

/** To the round before or after the one in the address; there is always a first, and the node says where the last is. */
async function stepRound(context: ActionContext, by: number): Promise<void> {
  const height = shownHeight(context)
  if (height === null || context.connection === null) return
  const { consensus } = await context.connection.node.call('consensus_rounds', { height, limit: 1 })
  if (consensus === null) return
  const asked = context.search().get('round')
  const shown = asked === null ? consensus.round : Number(asked)
  const places = consensus.rounds.map((each) => each.round)
  const next = places[places.indexOf(shown) + by]
  if (next !== undefined) context.navigate(consensusPath(context, height, next))
}

export const consensusActions: readonly Action[] = [
  {
    id: 'consensus.before',
    group: 'View',
    words: 'Height before',
    icon: ChevronLeft,
    shortcut: '[',
    enabled: (state) => state.consensus !== null,
    run: (context) => void stepBack(context).catch(() => {}),
  },
  {
    id: 'consensus.after',
    group: 'View',
    words: 'Height after',
    icon: ChevronRight,
    shortcut: ']',
    enabled: (state) => state.consensus !== null,
    run: stepOn,
  },
  {
    id: 'consensus.round-before',
    group: 'View',
    words: 'Round before',
    icon: ChevronsLeft,
    shortcut: ',',
    enabled: (state) => state.consensus !== null,
    run: (context) => void stepRound(context, -1).catch(() => {}),
  },
  {
    id: 'consensus.round-after',
    group: 'View',
    words: 'Round after',
    icon: ChevronsRight,
    shortcut: '.',
    enabled: (state) => state.consensus !== null,
    run: (context) => void stepRound(context, 1).catch(() => {}),
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
