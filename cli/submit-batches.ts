/** Many operations of one account, in as few transactions as they take, one after the other. */
import { payloadView } from '../node-core/node/views/payload-view.ts'
import { formatAddress } from '../node-core/protocol/address.ts'
import { formatAit } from '../node-core/protocol/amount.ts'
import { batchesOf, savedGas, together } from '../node-core/protocol/batches.ts'
import type { Payload, SinglePayload } from '../node-core/protocol/transaction.ts'
import type { CommandResult, Context } from './context.ts'
import { CommandFailure, EXIT_DONE, toFailure } from './failure.ts'
import { type Options, type Signer, submitAs } from './signer.ts'
import { parametersOf } from './stake-risk.ts'
import { type Submitted, submittedResult } from './submit.ts'

export interface Operations<T> {
  readonly of: readonly T[]
  readonly payload: (each: T) => SinglePayload
  /** What people read of those in one transaction before it is signed. */
  readonly lines: (batch: readonly T[]) => readonly string[]
  /** What programs get of those whose transactions were sent. */
  readonly json: (sent: readonly T[]) => Readonly<Record<string, unknown>>
}

/**
 * Ends with the first transaction that the chain refuses: the outcome is that of the last one sent. One that cannot be sent
 * fails the command; the data then has the hashes of those before it as `sent`.
 */
export async function submitBatches<T>(
  context: Context,
  signer: Signer,
  { of, payload, lines, json }: Operations<T>,
  options: Options,
): Promise<CommandResult> {
  const say = (words: readonly string[]) => {
    if (!context.json) for (const line of words) context.io.out(line)
  }
  const batches = batchesOf(of)
  const transactions: Submitted[] = []
  for (const [i, batch] of batches.entries()) {
    const whole = together(batch.map(payload))
    if (batches.length > 1) say([`transaction ${i + 1} of ${batches.length}`])
    if (!context.json) say([...lines(batch), await costWords(context, signer, whole)])
    const submitted = await submitAs(context, signer, whole, options).catch((error) =>
      failAfter(transactions, error),
    )
    transactions.push(submitted)
    const result = submittedResult(submitted)
    if (i === batches.length - 1 || result.exitCode !== EXIT_DONE) {
      const sent = batches.slice(0, i + 1).flat()
      return { ...result, json: { ...submitted, ...json(sent), transactions } }
    }
    say(result.lines)
  }
  throw new TypeError('there is an operation at the least')
}

async function costWords({ rpc }: Context, { address }: Signer, payload: Payload): Promise<string> {
  const { gas, fee } = await rpc.call('tx_estimate', {
    sender: formatAddress(address),
    payload: payloadView(payload),
  })
  const costs = `costs about ${formatAit(BigInt(fee))} AIT`
  if (payload.type !== 'batch') return costs
  const saved = savedGas(payload.payloads.length, await parametersOf(rpc))
  const less = formatAit((BigInt(fee) * BigInt(saved)) / BigInt(gas))
  return `${costs}, ${less} AIT less than one by one; either all of it is done, or nothing`
}

function failAfter(transactions: readonly Submitted[], error: unknown): never {
  const { code, message, data, exitCode } = toFailure(error)
  const sent = transactions.map(({ hash }) => hash)
  throw new CommandFailure(code, message, sent.length === 0 ? data : { ...data, sent }, exitCode)
}
