/** Builds the web app when its sources are newer than what was built. */
import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { CommandFailure } from '../failure.ts'

/** What the build reads, from the project's root. */
const SOURCES: readonly string[] = [
  'index.html',
  'vite.config.ts',
  'package-lock.json',
  'public',
  'web',
  'node-core',
]
/** Of vite's output, shown when it fails, characters. */
const SHOWN_CHARACTERS = 4_000

/** Resolves with whether it built. Fails with `build-failed` and the end of vite's output. */
export async function buildWebApp(
  root: string,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (text: string) => void },
): Promise<boolean> {
  const built = modifiedMs(path.join(root, 'dist', 'index.html'))
  if (built !== null && SOURCES.every((source) => newestMs(path.join(root, source)) <= built)) return false
  say('building the web app …')
  const { code, output } = await runVite(root, signal)
  if (code !== 0 && !signal.aborted)
    throw new CommandFailure('build-failed', 'the web app could not be built', {
      output: output.slice(-SHOWN_CHARACTERS),
    })
  return true
}

function runVite(
  root: string,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const vite = spawn(
      process.execPath,
      [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal },
    )
    let output = ''
    const keep = (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-4 * SHOWN_CHARACTERS)
    }
    vite.stdout.on('data', keep)
    vite.stderr.on('data', keep)
    vite.once('error', (error) => resolve({ code: 1, output: error.message }))
    vite.once('close', (code) => resolve({ code, output }))
  })
}

function modifiedMs(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
}

/** Tests are not part of the web app. */
function newestMs(place: string): number {
  const stat = statSync(place, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return /\.test\.tsx?$/.test(place) ? 0 : stat.mtimeMs
  return Math.max(0, ...readdirSync(place).map((name) => newestMs(path.join(place, name))))
}
