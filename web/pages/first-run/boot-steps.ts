/** The three named steps of the first run, from what the boot and the node report. */
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { integer, secondsFigure } from '../../i18n/format.ts'
import { notableSync, syncLine, syncShare } from '../../i18n/sync.ts'
import { errorWords } from '../../i18n/words.ts'
import type { BootEvent, BootStep } from '../../store/connection.ts'
import type { SessionState } from '../../store/session.ts'

export interface StepView {
  readonly name: string
  readonly line: string
  readonly state: 'waiting' | 'working' | 'done' | 'failed'
  /** 0 to 1. */
  readonly share: number
}

export type BootFacts = Pick<SessionState, 'phase' | 'boot' | 'peersAfterMs'> & {
  readonly status: NodeStatus | null
}

const JOIN: readonly (readonly [BootStep, string])[] = [
  ['browser', 'Looking what this browser can do'],
  ['node', 'Starting the node in its own thread'],
  ['relay', 'Reaching a relay'],
  ['peers', 'Finding peers'],
]

export function bootSteps(facts: BootFacts): readonly [StepView, StepView, StepView] {
  const join = joinStep(facts)
  const check = checkStep(facts, join.state === 'done')
  return [join, check, watchStep(facts, check.state === 'done')]
}

/** How far all is, 0 to 1: what the large disc shows. */
export function bootShare(steps: readonly StepView[]): number {
  return steps.reduce((sum, step) => sum + step.share, 0) / steps.length
}

function joinStep({ boot, status, peersAfterMs }: BootFacts): StepView {
  const name = 'Join the mesh'
  const peers = status === null ? 0 : status.peers.direct + status.peers.relayed
  if (peers > 0 || status?.phase === 'running') {
    const after = peersAfterMs === null ? '' : ` in ${secondsFigure(peersAfterMs)} s`
    const line =
      peers === 0
        ? 'No peer at this moment'
        : `${integer(peers)} ${peers === 1 ? 'peer' : 'peers'}${after}, ${status!.peers.direct} of them direct`
    return { name, state: 'done', share: 1, line }
  }
  const failed = JOIN.find(([step]) => boot[step]?.state === 'failed')
  if (failed !== undefined)
    return { name, state: 'failed', share: 0, line: failedWords(failed[0], boot[failed[0]]?.detail) }
  const done = JOIN.filter(([step]) => boot[step]?.state === 'done').length
  const current =
    JOIN.find(([step]) => boot[step]?.state === 'working') ?? JOIN[Math.min(done, JOIN.length - 1)]!
  return { name, state: 'working', share: done / JOIN.length, line: current[1] }
}

function failedWords(step: BootStep, detail: BootEvent['detail'] = {}): string {
  const { code, ...data } = detail
  if (typeof code === 'string') return `${errorWords({ code, data })}; trying again`
  switch (step) {
    case 'browser':
      return 'This browser lacks what a node needs'
    case 'node':
      return 'The node did not start; trying again'
    case 'relay':
      return 'No relay answers; trying again'
    default:
      return 'No peer answers; trying again'
  }
}

function checkStep({ boot, status }: BootFacts, joined: boolean): StepView {
  const name = 'Check the chain'
  const head = status?.head?.height ?? 0
  const best = Math.max(status?.bestSeenHeight ?? 0, head)
  const verified = numberOf(boot.head?.detail?.verified) ?? head
  const of = numberOf(boot.head?.detail?.of) ?? best
  if (status?.phase === 'running' || boot.head?.state === 'done')
    return {
      name,
      state: 'done',
      share: 1,
      line: head === 0 ? 'The chain has no block yet' : `Certificates verified to ${integer(head)}`,
    }
  if (boot.head?.state === 'failed')
    return { name, state: 'failed', share: 0, line: 'The chain could not be read; trying again' }
  if (!joined) return { name, state: 'waiting', share: 0, line: 'Each block’s certificate is verified here' }
  const sync = notableSync(status?.sync ?? null)
  if (sync !== null) return { name, state: 'working', share: syncShare(sync), line: syncLine(sync) }
  if (of === 0) return { name, state: 'working', share: 0, line: 'Asking peers how far the chain is' }
  return {
    name,
    state: 'working',
    share: Math.min(1, verified / of),
    line: `Certificates verified to ${integer(verified)} of ${integer(of)}`,
  }
}

function watchStep({ status }: BootFacts, checked: boolean): StepView {
  const name = 'Keep watch'
  const as =
    status?.mode === 'observer' ? 'by certificates and proofs' : 'as a light node; vote when you add stake'
  if (!checked) return { name, state: 'waiting', share: 0, line: `At once, ${as}` }
  const signing = status?.validator?.signing === true
  return {
    name,
    state: 'done',
    share: 1,
    line: signing ? 'On watch as a validator' : `On watch ${as}`,
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
