/** The engines that a scenario can run on, by the names that the command line gives them. */
import type { Engine } from './campaign.ts'
import { runCore } from './core/run.ts'
import { runNodes } from './node/run.ts'

export const ENGINES = { core: runCore, node: runNodes } as const satisfies Record<string, Engine>

export type EngineName = keyof typeof ENGINES
