/** What each operation costs in gas. The schedule is a chain parameter, so the gas of a transaction is known before it runs. */
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Gas } from '../protocol/ids.ts'
import type { Payload, SinglePayload } from '../protocol/transaction.ts'

type GasParameters = Pick<ChainParameters, 'transferGas' | 'stakeOperationGas' | 'batchSavingGas'>

/** A batch: the sum, less what each payload after the first saves. */
export function gasOf(payload: Payload, parameters: GasParameters): Gas {
  if (payload.type !== 'batch') return gasOfSingle(payload, parameters)
  const sum = payload.payloads.reduce((gas, single) => gas + gasOfSingle(single, parameters), 0)
  return Math.max(0, sum - parameters.batchSavingGas * Math.max(0, payload.payloads.length - 1))
}

function gasOfSingle(payload: SinglePayload, parameters: GasParameters): Gas {
  switch (payload.type) {
    case 'transfer':
    case 'faucet.drip':
      return parameters.transferGas
    case 'validator.register':
    case 'validator.ready':
    case 'validator.update':
    case 'validator.pause':
    case 'validator.resume':
    case 'validator.exit':
      return parameters.stakeOperationGas
  }
}
