/**
 * The clock of a page or a worker. `performance.now()` never goes back; while the machine sleeps some browsers stop it, so a
 * deadline may be reached late after a wake-up, never early. Timers of a hidden page may fire a minute late.
 */
import type { Clock } from '../../ports/clock.ts'
import { longTimer } from '../long-timer.ts'

export const browserClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: longTimer,
}
