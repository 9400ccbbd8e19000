/** What each operation costs in gas. The schedule is a chain parameter, so the gas of a transaction is known before it runs. */
import { savedGas } from '../protocol/batches.ts'
import { payloadSize } from '../protocol/codec-transaction.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Gas } from '../protocol/ids.ts'
import type { EvidenceSubmit, Payload, SinglePayload } from '../protocol/transaction.ts'

type GasParameters = Pick<
  ChainParameters,
  | 'transferGas'
  | 'stakeOperationGas'
  | 'consensusOperationGas'
  | 'contractOperationGas'
  | 'contractByteGas'
  | 'batchSavingGas'
>

/** A batch: the sum, less what each payload after the first saves. */
export function gasOf(payload: Payload, parameters: GasParameters): Gas {
  if (payload.type !== 'batch') return gasOfSingle(payload, parameters)
  const sum = payload.payloads.reduce((gas, single) => gas + gasOfSingle(single, parameters), 0)
  return Math.max(0, sum - savedGas(payload.payloads.length, parameters))
}

function gasOfSingle(payload: SinglePayload | EvidenceSubmit, parameters: GasParameters): Gas {
  switch (payload.type) {
    case 'transfer':
    case 'faucet.drip':
      return parameters.transferGas
    case 'evidence.submit':
    case 'validator.rotateKey':
    case 'validator.unjail':
    case 'validator.admit':
    case 'validator.expel':
      return parameters.consensusOperationGas
    case 'multisig.create':
    case 'multisig.approve':
    case 'multisig.revoke':
    case 'multisig.execute':
      return parameters.contractOperationGas
    case 'multisig.propose': {
      const stored = payloadSize(payload.payload) * parameters.contractByteGas
      return parameters.contractOperationGas + stored + gasOfSingle(payload.payload, parameters)
    }
    default:
      return parameters.stakeOperationGas
  }
}
