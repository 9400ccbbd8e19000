/** Validators as people name them. */
import type { ValidatorView } from '../node-core/node/node-api.ts'
import { formatAddress, parseAddress } from '../node-core/protocol/address.ts'
import { CommandFailure } from './failure.ts'
import { refusalOf } from './refusals.ts'
import type { RpcClient } from './rpc-client.ts'

export const VALIDATOR_HELP = 'its address, or its name where no other has it'

/** By address, or by name where one alone has it. Fails with `unknown-validator` or `validator-ambiguous`. */
export async function validatorNamed(rpc: RpcClient, text: string): Promise<ValidatorView> {
  const { validators } = await rpc.call('validator_list', {})
  const parsed = parseAddress(text)
  const address = parsed === null ? null : formatAddress(parsed)
  const found = validators.filter((each) =>
    address === null ? each.name === text : each.address === address,
  )
  if (found.length === 0) {
    const { message, data } = refusalOf('unknown-validator', { validator: text })
    throw new CommandFailure('unknown-validator', message, data)
  }
  if (found.length === 1) return found[0]!
  const addresses = found.map((each) => each.address)
  throw new CommandFailure(
    'validator-ambiguous',
    `${found.length} validators are called "${text}"; name the one you mean by its address`,
    { name: text, addresses },
  )
}
