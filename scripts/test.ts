/**
 * Everything `npm test` runs, one step after another with its time; the first that fails ends it.
 * `node scripts/test.ts types unit` runs the named steps only.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const binaries = path.join(root, 'node_modules', '.bin')
const env = {
  ...process.env,
  PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`,
  // The tests start hundreds of Node processes: each begins in half the time when the code is compiled already.
  NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'node'),
}

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

/** In a private network namespace where this machine allows it: WebRTC finds the same addresses everywhere, nothing leaves. */
const browserTests = (project: string): readonly string[] => [
  'node',
  path.join('e2e', 'netns.ts'),
  'playwright',
  'test',
  `--project=${project}`,
]

const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['biome', 'check', '.'] },
  { name: 'unit', command: ['vitest', 'run'] },
  { name: 'web build', command: ['vite', 'build'] },
  { name: 'pages', command: browserTests('pages') },
  { name: 'mesh', command: browserTests('mesh') },
]

/** Resolves with the exit code; Ctrl-C reaches the step by the terminal, SIGTERM is passed on. */
function runStep({ command }: Step): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command[0]!, command.slice(1), { cwd: root, env, stdio: 'inherit' })
    const passOn = () => child.kill('SIGTERM')
    process.on('SIGTERM', passOn)
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('exit', (code) => {
      process.off('SIGTERM', passOn)
      resolve(code ?? 1)
    })
  })
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !steps.some((step) => step.name === name))
if (unknown !== undefined) {
  console.error(`there is no step "${unknown}"; the steps are ${steps.map((step) => step.name).join(', ')}`)
  process.exit(2)
}

const done: string[] = []
for (const step of steps.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`\n── ${step.name}: ${step.command.join(' ')}`)
  const startedMs = Date.now()
  const code = await runStep(step)
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
  if (code !== 0) {
    console.error(
      `\n── FAILED: ${step.name} (exit code ${code}, ${seconds} s). Passed before it: ${done.join(', ') || 'nothing'}`,
    )
    process.exit(1)
  }
  done.push(`${step.name} ${seconds} s`)
}
console.log(`\n── passed: ${done.join(', ')}`)
