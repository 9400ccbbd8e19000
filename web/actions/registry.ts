/**
 * Every action there is. Ids and shortcuts are unique; registry.test.ts holds that. The frame has its own at once, and loads
 * this behind the first paint, with the icons of all.
 */
import type { Action } from './action.ts'
import { consensusActions } from './consensus-actions.ts'
import { explorerActions } from './explorer-actions.ts'
import { meshActions } from './mesh-actions.ts'
import { nodeActions } from './node-actions.ts'
import { pageActions, shellActions } from './shell-actions.ts'
import { validatorsActions } from './validators-actions.ts'
import { walletActions } from './wallet-actions.ts'

export const ACTIONS: readonly Action[] = [
  ...shellActions,
  ...pageActions,
  ...consensusActions,
  ...meshActions,
  ...validatorsActions,
  ...walletActions,
  ...explorerActions,
  ...nodeActions,
]
