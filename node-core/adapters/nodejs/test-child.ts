/** Starts the victim process of the crash tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const VICTIM = fileURLToPath(new URL('./test-victim.ts', import.meta.url))

export interface Victim {
  /** Resolves with the newest acknowledged number once `count` lines came. */
  acknowledged(count: number): Promise<number>
  /** SIGKILL; resolves with the last number acknowledged before the end. */
  kill(): Promise<number>
}

export function startVictim(
  work: 'storage' | 'full-storage' | 'full-journal' | 'journal' | 'lock',
  place: string,
): Victim {
  const child: ChildProcess = spawn(process.execPath, [VICTIM, work, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout! })
  let last = 0
  let seen = 0
  const waiting = new Set<() => void>()
  lines.on('line', (line) => {
    last = Number(line)
    seen++
    for (const check of waiting) check()
  })
  return {
    acknowledged: (count) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (seen < count) return
          waiting.delete(check)
          resolve(last)
        }
        waiting.add(check)
        ended.then(() => reject(new Error('the process ended by itself')), reject)
        check()
      }),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
      return last
    },
  }
}
