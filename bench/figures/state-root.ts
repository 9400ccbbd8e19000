/** The state's root after 10,000 of a million accounts changed: what the last step of a very large block would take. */

import { toHex } from '../../node-core/lib/bytes.ts'
import type { Address } from '../../node-core/protocol/ids.ts'
import { accountKey } from '../../node-core/state/keys.ts'
import type { Account } from '../../node-core/state/records.ts'
import { ChainState } from '../../node-core/state/store.ts'
import { type Benchmark, percentile, rounded } from '../figure.ts'

const ACCOUNTS = 1_000_000
const WRITES = 10_000
const LOADED_AT_ONCE = 100_000
const ROUNDS = 7
/** A prime: writes fall anywhere. */
const STRIDE = 7_919

export const stateRoot: Benchmark = {
  names: ['state_root_ms'],
  async run({ say }) {
    say('a million accounts')
    const state = new ChainState()
    for (let from = 0; from < ACCOUNTS; from += LOADED_AT_ONCE) {
      const overlay = state.overlay()
      for (let n = from; n < from + LOADED_AT_ONCE; n++)
        overlay.set(accountKey(addressOfNumber(n)), account(n, 0))
      overlay.adopt()
    }
    const samples = Array.from({ length: ROUNDS }, (_, round) => {
      const overlay = state.overlay()
      for (let i = 0; i < WRITES; i++) {
        const n = ((round * WRITES + i) * STRIDE) % ACCOUNTS
        overlay.set(accountKey(addressOfNumber(n)), account(n, round + 1))
      }
      const startedMs = performance.now()
      const startedCpu = process.cpuUsage()
      overlay.root()
      const { user, system } = process.cpuUsage(startedCpu)
      return { wallMs: performance.now() - startedMs, cpuMs: (user + system) / 1_000 }
    })
    const median = (times: readonly number[]) => rounded(percentile(times, 0.5))
    const value = median(samples.map(({ wallMs }) => wallMs))
    // Below the wall time when others use the machine.
    const cpuMs = median(samples.map((sample) => sample.cpuMs))
    return [
      { name: 'state_root_ms', value, unit: 'ms', detail: { accounts: ACCOUNTS, writes: WRITES, cpuMs } },
    ]
  },
}

function account(n: number, nonce: number): Account {
  return { balance: BigInt(n) + 1n, nonce, lastDripHeight: 0, funder: null }
}

function addressOfNumber(n: number): Address {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(16, n)
  return toHex(bytes) as Address
}
