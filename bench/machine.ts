/** What the figures were measured on, and how fast this machine verifies signatures. */
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly runtime: string
  readonly os: string
  /** Load of the last minute when the benchmark began and when it had ended: above 1 at the start others used it too. */
  readonly load: readonly [number, number]
}

const GIB = 2 ** 30

export function describeMachine(loadAtStart: number): Machine {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / GIB),
    runtime: `Node ${process.versions.node}`,
    os: `${process.platform} ${process.arch}`,
    load: [loadAtStart, currentLoad()],
  }
}

export function currentLoad(): number {
  return Math.round(loadavg()[0]! * 10) / 10
}

/** Of a second; Linux counts in these whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100
/** Fields of /proc/<id>/stat behind the name, which may hold anything: user and system time. */
const TIME_FIELDS = [11, 12] as const

/** Processor time that processes have used, s; null where there is no /proc. */
export function processorSeconds(processIds: readonly number[]): number | null {
  try {
    const ticks = processIds.map((id) => {
      const text = readFileSync(`/proc/${id}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return TIME_FIELDS.reduce((sum, field) => sum + Number(fields[field]), 0)
    })
    return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND
  } catch {
    return null
  }
}

/** Verifications in flight: enough to keep every core busy. */
const IN_FLIGHT = 64
const KEYS = 64
const MESSAGE_BYTES = 136
const MEASURED_MS = 3_000

/** Ed25519 by WebCrypto with all cores, keys imported before, a second of wall time: the ceiling for those who verify everything. */
export async function verificationsPerSecond(): Promise<number> {
  const cases = await Promise.all(
    Array.from({ length: KEYS }, async () => {
      const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', false, [
        'sign',
        'verify',
      ])) as CryptoKeyPair
      const message = crypto.getRandomValues(new Uint8Array(MESSAGE_BYTES))
      const signature = await crypto.subtle.sign('Ed25519', privateKey, message)
      return { publicKey, message, signature }
    }),
  )
  const startedMs = performance.now()
  let verified = 0
  const worker = async (at: number) => {
    for (let i = at; performance.now() - startedMs < MEASURED_MS; i = (i + 1) % KEYS) {
      const { publicKey, message, signature } = cases[i]!
      if (!(await crypto.subtle.verify('Ed25519', publicKey, signature, message)))
        throw new Error('a good signature was rejected')
      verified++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, at) => worker(at)))
  return verified / ((performance.now() - startedMs) / 1000)
}
