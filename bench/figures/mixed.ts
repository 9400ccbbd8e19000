/**
 * Finalised transactions a second of a mixed load, under the same conditions as the transfers. `ratio`: of the transfers a
 * second, measured in the same run just before.
 */
import type { Genesis } from '../../node-core/protocol/genesis.ts'
import { type Benchmark, type BenchOptions, rounded, type Value } from '../figure.ts'
import { MIXED_PARAMETERS, mixedPayloads } from '../mixed-load.ts'
import { BenchNetwork } from '../network.ts'
import { createSenders, LoadSigner, type Sender } from '../senders.ts'
import { ACCOUNTS, BLOCK_GAS_LIMIT, MEASURED_SECONDS, underLoad, VALIDATORS } from './transfers.ts'

/** As many of the mix as the other limit is transfers: on the average it asks 1.4 times the gas. */
const MIXED_GAS_LIMIT = 59_000_000

export const mixed: Benchmark = {
  names: ['mixed_per_second'],
  async run(options) {
    const seconds = options.seconds ?? MEASURED_SECONDS
    const senders = await createSenders(ACCOUNTS)
    const transfers = await measured(options, seconds, senders, {
      parameters: { blockGasLimit: BLOCK_GAS_LIMIT },
    })
    const run = await measured(options, seconds, senders, {
      parameters: { ...MIXED_PARAMETERS, blockGasLimit: MIXED_GAS_LIMIT },
      signer: (genesis, all) =>
        new LoadSigner(genesis, all, mixedPayloads(genesis.validators.map(({ address }) => address))),
    })
    const value: Value = {
      name: 'mixed_per_second',
      value: rounded(run.perSecond),
      unit: 'transactions/s',
      ratio: rounded(run.perSecond / transfers.perSecond, 2),
      detail: {
        validators: VALIDATORS,
        seconds,
        blocks: run.blocks,
        accounts: ACCOUNTS,
        transfersPerSecond: rounded(transfers.perSecond),
        blockGasLimit: MIXED_GAS_LIMIT,
        failed: run.failed,
        refused: [...run.refused].map(([code, count]) => `${code}: ${count}`).join(', '),
      },
    }
    return [value]
  },
}

async function measured(
  options: BenchOptions,
  seconds: number,
  senders: readonly Sender[],
  {
    parameters,
    signer,
  }: {
    readonly parameters: Partial<Genesis['parameters']>
    readonly signer?: (genesis: Genesis, senders: readonly Sender[]) => LoadSigner
  },
) {
  options.say('starting the validators')
  const network = await BenchNetwork.start({
    validators: VALIDATORS,
    senders,
    parameters,
    profileDirectory: options.profileDirectory,
  })
  try {
    const run = await underLoad(network, { options, seconds, senders, ...(signer ? { signer } : {}) })
    const { operations } = await network.rpc[0]!.call('economy_gas', {})
    return { ...run, failed: operations.reduce((sum, each) => sum + each.failed, 0) }
  } finally {
    await network.stop()
  }
}
