/** `aitbc sim`: the simulator in a process of its own, with all that is said to it and all that it says. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Command } from 'commander'
import type { Bind } from '../context.ts'
import { CommandFailure, EXIT_REFUSED, EXIT_USAGE } from '../failure.ts'

const MAIN = path.join(import.meta.dirname, '..', '..', 'node-core', 'sim', 'main.ts')

/** Options that it takes as they are; their values are judged there. */
const OPTIONS: readonly (readonly [flag: string, words: string])[] = [
  ['seed <number>', 'one run; the same seed gives the same run'],
  ['seeds <from-to>', 'many runs, and how many a minute'],
  ['engine <core|node>', 'consensus alone, or whole nodes'],
  ['nodes <number>', 'validators of equal power; with --validators all nodes of a mesh'],
  ['heights <number>', 'blocks to decide'],
  ['byzantine <number>', 'how many validators misbehave'],
  ['scenario <name>', 'a run with a name'],
  ['break <rule>', 'without one of the rules, to see it noticed'],
  ['validators <number>', 'a mesh of which so many vote'],
]

export function simCommand(program: Command, bind: Bind): void {
  const command = program.command('sim').description('run the consensus simulator on a seed')
  for (const [flag, words] of OPTIONS) command.option(`--${flag}`, words)
  bind(command, async ({ json, io }, _args, options) => {
    const words = OPTIONS.flatMap(([flag]) => {
      const name = flag.slice(0, flag.indexOf(' '))
      const value = options[name]
      return typeof value === 'string' ? [`--${name}`, value] : []
    })
    const { code, out, err } = await runSim(json ? [...words, '--json'] : words, io.signal)
    if (code === EXIT_USAGE) throw new CommandFailure('usage', err, {}, EXIT_USAGE)
    if (out === '') throw new CommandFailure('simulator-failed', err)
    return { json: json ? JSON.parse(out) : null, lines: out.split('\n'), exitCode: code }
  })
}

function runSim(words: readonly string[], signal: AbortSignal) {
  return new Promise<{ code: number; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...words], { signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (part) => {
      out += String(part)
    })
    child.stderr.on('data', (part) => {
      err += String(part)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({ code: code ?? EXIT_REFUSED, out: out.trimEnd(), err: err.trimEnd() }),
    )
  })
}
