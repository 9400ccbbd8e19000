/**
 * The sample with what Mesh, Validators, Explorer, Wallet and Node ask for beyond the frame's. It stands in for
 * sample-node.ts where sample-plugin.ts is used. Query of the address: `own=none|registered|entering|paused|…` state of this
 * tab's validator; `faucet=off`; `parameters=late`; `sending=foreseen|refused|failed`, with `code=` the chain's
 * reason; `admission=authority`; `passkey`: the key of this account is one; `proof=spoilt`.
 */
import { VALIDATOR_STATES } from '../../node-core/node/node-api.ts'
import type { Connection } from '../../web/store/connection.ts'
import { withProofs } from './sample-explorer.ts'
import { createSample as createFrameSample } from './sample-node.ts'
import type { SampleOptions } from './sample-options.ts'
import { withSending } from './sample-send.ts'
import { withValidators } from './sample-validators.ts'

const SENDING = ['no', 'foreseen', 'refused', 'failed'] as const

/** In the state 'error' nothing is laid over the frame's sample, so that every read fails. */
export function createSample(options: SampleOptions): Connection {
  const connection = createFrameSample(options)
  if (options.state === 'error') return connection
  const query = new URLSearchParams(location.search)
  const own = VALIDATOR_STATES.find((state) => state === query.get('own')) ?? 'active'
  const fails = SENDING.find((state) => state === query.get('sending')) ?? 'no'
  const proved = withProofs(connection, query.get('proof') === 'spoilt')
  const faucet = query.get('faucet') !== 'off'
  const admission = query.get('admission') === 'authority' ? 'authority' : 'stake'
  const code = query.get('code') ?? 'insufficient-balance'
  const refusals = query.get('parameters') === 'late' ? 2 : 0
  return withSending(withValidators(proved, { own, faucet, admission, refusals }), { fails, code })
}
