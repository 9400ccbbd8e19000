/** A directory of a test's own, removed with everything in it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export async function makeTestDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'aitbc-'))
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
