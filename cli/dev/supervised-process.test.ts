/** Real processes: small ones written for the purpose, and the relay of the development network. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os, { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BACKGROUND_NICENESS } from './background-priority.ts'
import { requireFreePorts } from './free-ports.ts'
import { SupervisedProcess } from './supervised-process.ts'

const READY = "process.send({ type: 'ready', data: { pid: process.pid } });"
const STAY = 'setInterval(() => {}, 1000);'

let folder: string
const started: SupervisedProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aitbc-dev-'))
})

afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.stop()))
  rmSync(folder, { recursive: true, force: true })
})

function supervise(code: string, say: (text: string) => void = () => {}): SupervisedProcess {
  const file = path.join(folder, 'child.mjs')
  writeFileSync(file, code)
  const supervised = new SupervisedProcess(
    { name: 'child', args: [file], logFile: path.join(folder, 'child.log'), background: true },
    say,
  )
  started.push(supervised)
  return supervised
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a supervised process', () => {
  it('is started when it says so, logs to its file, and is gone after stop', async () => {
    const child = supervise(`console.log('hello'); ${READY} ${STAY}`)
    const { pid } = await child.start()
    expect(pid).toBe(child.pid)
    await child.stop()
    expect(isAlive(pid as number)).toBe(false)
    expect(readFileSync(path.join(folder, 'child.log'), 'utf8')).toBe('hello\n')
  })

  it('in the background has a lower priority, and so has its session where the system groups by session', async () => {
    const child = supervise(`${READY} ${STAY}`)
    await child.start()
    expect(os.getPriority(child.pid!)).toBe(BACKGROUND_NICENESS)
    const group = `/proc/${child.pid}/autogroup`
    if (!existsSync(group)) return
    await expect.poll(() => readFileSync(group, 'utf8')).toContain(`nice ${BACKGROUND_NICENESS}`)
  })

  it('that fails to start is reported with its last words', async () => {
    const child = supervise("console.error('port 7 is in use'); process.exit(1)")
    await expect(child.start()).rejects.toMatchObject({
      code: 'process-failed',
      data: { lastLines: 'port 7 is in use' },
    })
  })

  it('that dies is said and started again', async () => {
    const words: string[] = []
    let back = () => {}
    const isBack = new Promise<void>((resolve) => {
      back = resolve
    })
    const child = supervise(`${READY} ${STAY}`, (text) => {
      words.push(text)
      if (text === 'child is back') back()
    })
    const { pid } = await child.start()
    process.kill(pid as number, 'SIGKILL')
    await isBack
    expect(words[0]).toMatch(/^child ended \(SIGKILL\); it starts again in 0.5 s/)
    expect(child.pid).not.toBe(pid)
    expect(isAlive(child.pid!)).toBe(true)
  })

  it('that is stopped while it waits to start again stays down', async () => {
    let died = () => {}
    const hasDied = new Promise<void>((resolve) => {
      died = resolve
    })
    const child = supervise(`${READY} ${STAY}`, () => died())
    const { pid } = await child.start()
    process.kill(pid as number, 'SIGKILL')
    await hasDied
    await child.stop()
    expect(isAlive(pid as number)).toBe(false)
  })
})

describe('the relay process', () => {
  it('ends when its supervisor is killed', async () => {
    const supervisor = path.join(folder, 'supervisor.mts')
    const relay = path.join(import.meta.dirname, 'relay-process.ts')
    writeFileSync(
      supervisor,
      `import { SupervisedProcess } from ${JSON.stringify(path.join(import.meta.dirname, 'supervised-process.ts'))}
       const relay = new SupervisedProcess({ name: 'relay', args: [${JSON.stringify(relay)}, '0', ${JSON.stringify(path.join(folder, 'relay.key'))}, 'http://127.0.0.1:1'], logFile: ${JSON.stringify(path.join(folder, 'relay.log'))} }, console.log)
       const { addresses } = await relay.start()
       console.log(JSON.stringify({ pid: relay.pid, addresses }))`,
    )
    const parent = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
    const { pid, addresses } = JSON.parse(line) as { pid: number; addresses: string[] }
    expect(addresses[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\//)
    parent.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 50 }).toBe(false)
  })
})

describe('ports', () => {
  it('are named when they are taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await expect(requireFreePorts([{ port, use: 'the relay' }])).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`port ${port}, for the relay`),
    })
    await new Promise((resolve) => server.close(resolve))
    await requireFreePorts([{ port, use: 'the relay' }])
  })
})
