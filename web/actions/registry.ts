/** Every action there is. Ids and shortcuts are unique; registry.test.ts holds that. */
import type { Action } from './action.ts'
import { consensusActions } from './consensus-actions.ts'
import { pageActions, shellActions } from './shell-actions.ts'

export const ACTIONS: readonly Action[] = [...shellActions, ...pageActions, ...consensusActions]

/** Throws when there is none: ids are written in the code. */
export function actionById(id: string): Action {
  const action = ACTIONS.find((candidate) => candidate.id === id)
  if (action === undefined) throw new Error(`no action ${id}`)
  return action
}
