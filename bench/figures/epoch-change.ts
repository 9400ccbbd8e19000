/** The block that ends an epoch, checked: rewards, scores, the next set, the recount of all money, the state's root. */
import { putStake } from '../../node-core/economy/stakes.ts'
import { AIT, addressNumber, TestChain } from '../../node-core/execution/test-chain.ts'
import { toHex } from '../../node-core/lib/bytes.ts'
import type { Address } from '../../node-core/protocol/ids.ts'
import { bond, drip } from '../../node-core/state/ledger.ts'
import { type Benchmark, percentile, rounded } from '../figure.ts'

const VALIDATORS = 100
/** Beside the validators' own; half of them compound. */
const DELEGATIONS = 10_000
const EPOCH_BLOCKS = 10
const EPOCHS = 25
/** Not counted: code is compiled. */
const WARM_UP_EPOCHS = 5

export const epochChange: Benchmark = {
  names: ['epoch_change_ms'],
  async run({ say }) {
    say(`${VALIDATORS} validators, ${DELEGATIONS} delegations`)
    const chain = stakedChain()
    const samples: { wallMs: number; cpuMs: number }[] = []
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      chain.decideUntil((epoch + 1) * EPOCH_BLOCKS - 1)
      const block = chain.propose()
      const startedMs = performance.now()
      const startedCpu = process.cpuUsage()
      const checked = chain.check(block)
      const { user, system } = process.cpuUsage(startedCpu)
      samples.push({ wallMs: performance.now() - startedMs, cpuMs: (user + system) / 1_000 })
      if (!checked.ok) throw new Error(checked.code)
      chain.decide()
    }
    const counted = samples.slice(WARM_UP_EPOCHS)
    const median = (times: readonly number[]) => rounded(percentile(times, 0.5), 1)
    const value = median(counted.map(({ wallMs }) => wallMs))
    // Below the wall time when others use the machine, above it when memory is collected beside.
    const cpuMs = median(counted.map((sample) => sample.cpuMs))
    const detail = { validators: VALIDATORS, delegations: DELEGATIONS, cpuMs }
    return [{ name: 'epoch_change_ms', value, unit: 'ms', detail }]
  },
}

function stakedChain(): TestChain {
  const parameters = { epochBlocks: EPOCH_BLOCKS }
  const chain = new TestChain({ validators: VALIDATORS, funded: [], parameters })
  const overlay = chain.state.overlay()
  for (let n = 0; n < DELEGATIONS; n++) {
    const delegator = delegatorNumber(n)
    drip(overlay, delegator, 2_000n * AIT, 1)
    bond(overlay, delegator, 1_000n * AIT)
    const parties = { validator: addressNumber(n % VALIDATORS), delegator }
    putStake(overlay, parties, 1_000n * AIT, { compounding: n % 2 === 0 })
  }
  overlay.adopt()
  return chain
}

function delegatorNumber(n: number): Address {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(16, n)
  return toHex(bytes) as Address
}
