/** A process that leaves the processor to what people look at: of a validator on a desk, a busy page needs it more. */
import { readdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'

/** About a tenth of an ordinary process' share. */
export const BACKGROUND_NICENESS = 10
/** Linux takes a group's priority from an ordinary user ten times a second, from all of them together. */
const ATTEMPT_EVERY_MS = 150
const MAX_ATTEMPTS = 40

/**
 * Lowers the priority of a process that leads a session, and on Linux that of the session: with automatic grouping each
 * session has an equal share of the processor, whatever the priority of its processes. What the system refuses is left.
 */
export function moveToBackground(pid: number): void {
  try {
    for (const id of threadsOf(pid)) os.setPriority(id, BACKGROUND_NICENESS)
  } catch {
    // It has ended, or the system does not allow it: then it runs as any other.
  }
  if (process.platform === 'linux') lowerSession(pid, MAX_ATTEMPTS)
}

/** On Linux each has a priority of its own; elsewhere the process has it. */
function threadsOf(pid: number): readonly number[] {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid]
}

function lowerSession(pid: number, attempts: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(BACKGROUND_NICENESS))
  } catch (error) {
    const tooSoon = (error as NodeJS.ErrnoException).code === 'EAGAIN'
    if (tooSoon && attempts > 1) setTimeout(() => lowerSession(pid, attempts - 1), ATTEMPT_EVERY_MS).unref()
  }
}
