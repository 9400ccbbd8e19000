/** The program as a process: what a shell sees. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

function runProcess(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, file), ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe.each(['main.ts', 'bin.mjs'])('aitbc, started by %s', (file) => {
  it('answers on stdout and ends with 0', () => {
    const { status, stdout, stderr } = runProcess(file, 'config', 'check', 'development', '--json')
    expect([status, JSON.parse(stdout).ok, stderr]).toEqual([0, true, ''])
  })

  it('ends with 2 on a wrong command line, 1 on a refusal', () => {
    expect(runProcess(file, 'chain', 'nope').status).toBe(2)
    const refused = runProcess(file, 'chain', 'head', '--rpc', 'http://127.0.0.1:1')
    expect([refused.status, refused.stdout, refused.stderr.includes('unreachable')]).toEqual([1, '', true])
  })
})
