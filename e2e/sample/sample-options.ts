export const SAMPLE_STATES = [
  'healthy',
  'stalled',
  'empty',
  'many',
  'offline',
  'error',
  'boot',
  'unsupported',
  'view',
] as const
export type SampleState = (typeof SAMPLE_STATES)[number]

export interface SampleOptions {
  readonly state: SampleState
  /** Time stands still at the moment of the first height shown. */
  readonly frozen: boolean
  /** A validator contradicted itself. */
  readonly evidence: boolean
  /** No key yet. */
  readonly newcomer: boolean
}

export function isSampleState(text: string): text is SampleState {
  return (SAMPLE_STATES as readonly string[]).includes(text)
}
