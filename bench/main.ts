/** `npm run bench -- --json [--only NAME] [--seconds S] [--no-peers] [--profile DIR]`: prints one line a figure. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { inNamespace } from '../e2e/netns.ts'
import { OWN, PEERS } from './benchmarks.ts'
import { type Benchmark, FigureUnavailable, type Printed } from './figure.ts'
import { currentLoad, describeMachine } from './machine.ts'

const EXIT_USAGE = 2
/** Set in the process that already is in a namespace of its own. */
const ISOLATED = 'AITBC_BENCH_ISOLATED'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    peers: { type: 'boolean', default: true },
    seconds: { type: 'string' },
    profile: { type: 'string' },
  },
})
const benchmarks = chosen()
const profileDirectory = values.profile === undefined ? null : path.resolve(values.profile)
if (profileDirectory !== null) mkdirSync(profileDirectory, { recursive: true })

for (const benchmark of benchmarks) {
  const isElsewhere = benchmark.isolated === true && process.env[ISOLATED] === undefined
  await (isElsewhere ? runIsolated(benchmark) : runHere(benchmark))
}

function chosen(): readonly Benchmark[] {
  const { only } = values
  const all = [...OWN, ...PEERS]
  const unknown = only.filter((name) => !all.some(({ names }) => names.includes(name)))
  if (unknown.length > 0) {
    const names = all.flatMap((each) => each.names)
    console.error(`no figure is called ${unknown.join(', ')}; there are ${names.join(', ')}`)
    process.exit(EXIT_USAGE)
  }
  if (only.length > 0) return all.filter(({ names }) => names.some((name) => only.includes(name)))
  return values.peers ? all : OWN
}

async function runHere(benchmark: Benchmark): Promise<void> {
  const say = (text: string) => console.error(`${benchmark.names[0]}: ${text}`)
  const loadAtStart = currentLoad()
  try {
    const seconds = values.seconds === undefined ? null : Number(values.seconds)
    const found = await benchmark.run({ seconds, profileDirectory, say })
    const machine = describeMachine(loadAtStart)
    for (const value of found) print({ ...value, machine })
  } catch (error) {
    if (error instanceof FigureUnavailable) return say(`not measured: ${error.message}`)
    process.exitCode = 1
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

/** The same command for this benchmark alone, which prints for itself. */
async function runIsolated(benchmark: Benchmark): Promise<void> {
  const args = [
    ...(values.json ? ['--json'] : []),
    ...(values.seconds === undefined ? [] : ['--seconds', values.seconds]),
    '--only',
    benchmark.names[0]!,
  ]
  const [program, ...rest] = inNamespace([process.execPath, import.meta.filename, ...args])
  const child = spawn(program!, rest, { stdio: 'inherit', env: { ...process.env, [ISOLATED]: '1' } })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) process.exitCode = 1
}

function print(printed: Printed): void {
  const { name, value, unit, ratio } = printed
  const words = `${name.padEnd(36)} ${value} ${unit}${ratio === undefined ? '' : `  (ratio ${ratio})`}`
  console.log(values.json ? JSON.stringify(printed) : words)
}
