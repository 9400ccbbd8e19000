/** The relay's peer key: in a file, so that its multiaddr stays the same over restarts. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fromHex, toHex } from '../node-core/lib/bytes.ts'

const SEED_BYTES = 32
const OWNER_ONLY = 0o600

/** Makes the key on first use. Throws where the file is there but holds no key: it is never replaced. */
export async function loadPeerKeySeed(file: string): Promise<Uint8Array> {
  const stored = await readIfThere(file)
  if (stored !== null) {
    const seed = fromHex(stored.trim(), SEED_BYTES)
    if (!seed) throw new Error(`${file}: not a relay key (${SEED_BYTES} bytes as 0x-hex expected)`)
    return seed
  }
  const seed = newPeerKeySeed()
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${toHex(seed)}\n`, { mode: OWNER_ONLY, flag: 'wx' })
  await chmod(file, OWNER_ONLY)
  return seed
}

export function newPeerKeySeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES))
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
