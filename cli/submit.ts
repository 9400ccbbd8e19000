/** From a payload to its receipt: estimate, sign here, submit, wait. No key leaves this process. */
import { toHex } from '../node-core/lib/bytes.ts'
import type { PayloadView, TransactionView } from '../node-core/node/node-api.ts'
import type { SigningKey } from '../node-core/ports/crypto.ts'
import { formatAddress } from '../node-core/protocol/address.ts'
import { encodeTransaction } from '../node-core/protocol/codec-transaction.ts'
import { SCHEME_ED25519 } from '../node-core/protocol/constants.ts'
import { transactionSigningBytes } from '../node-core/protocol/hash.ts'
import type { Address } from '../node-core/protocol/ids.ts'
import type { Payload, UnsignedTransaction } from '../node-core/protocol/transaction.ts'
import type { CommandResult, Context } from './context.ts'
import { CommandFailure, EXIT_DONE, EXIT_REFUSED } from './failure.ts'
import { refusalOf } from './refusals.ts'
import type { RpcClient } from './rpc-client.ts'
import { factLines } from './words.ts'

/** The base fee may double before the offer is too low; what is not needed is not paid. */
const BASE_FEE_ROOM = 2n

export interface Submission {
  readonly sender: Address
  readonly key: SigningKey
  readonly payload: Payload
  /** The same payload as the RPC shows it. */
  readonly view: PayloadView
}

/** What scripts get of a transaction. `code`, with words and figures in AIT: of the receipt, when it failed. */
export interface Submitted {
  readonly hash: string
  readonly height: number | null
  readonly status: TransactionView['status']
  readonly code?: string
  readonly message?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Signs and submits; with `wait` resolves when it is in a block or can no longer be. */
export async function submit(
  { rpc, io }: Context,
  submission: Submission,
  { wait }: { readonly wait: boolean },
): Promise<Submitted> {
  const unsigned = await prepare(rpc, submission)
  const signature = {
    scheme: SCHEME_ED25519,
    publicKey: submission.key.publicKey,
    bytes: await submission.key.sign(transactionSigningBytes(unsigned)),
  }
  const transaction = toHex(encodeTransaction({ ...unsigned, signature }))
  const send = () =>
    rpc.call(submission.payload.type === 'faucet.drip' ? 'faucet_drip' : 'tx_submit', { transaction })
  if (!wait) return { hash: (await send()).hash, height: null, status: 'pending' }
  return sendAndWait(rpc, send, { lastHeight: unsigned.validUntilHeight, signal: io.signal })
}

async function prepare(rpc: RpcClient, { sender, payload, view }: Submission): Promise<UnsignedTransaction> {
  const [status, estimate] = await Promise.all([
    rpc.call('node_status', {}),
    rpc.call('tx_estimate', { sender: formatAddress(sender), payload: view }),
  ])
  const tip = BigInt(estimate.standard)
  return {
    chainId: status.chainId,
    sender,
    nonce: estimate.nonce,
    gasLimit: estimate.gas,
    maxFeePerGas: BASE_FEE_ROOM * BigInt(estimate.baseFeePerGas) + tip,
    maxPriorityFeePerGas: tip,
    validUntilHeight: estimate.validUntilHeight,
    payload,
  }
}

/** Looks after every decided block; the subscription stands before the transaction leaves, so none is missed. */
async function sendAndWait(
  rpc: RpcClient,
  send: () => Promise<{ readonly hash: string }>,
  { lastHeight, signal }: { readonly lastHeight: number; readonly signal: AbortSignal },
): Promise<Submitted> {
  let newest = 0
  let wake = () => {}
  const stream = await rpc.subscribe('heads', (head) => {
    newest = head.height
    wake()
  })
  let ended = false
  const end = () => {
    ended = true
    wake()
  }
  void stream.ended.then(end)
  signal.addEventListener('abort', end, { once: true })
  try {
    const { hash } = await send()
    for (;;) {
      const seen = newest
      const found = await lookUp(rpc, hash)
      if (found.status !== 'pending' || seen > lastHeight)
        return found.status === 'pending' ? { ...found, status: 'dropped', code: 'expired' } : found
      if (ended)
        throw new CommandFailure('connection-lost', 'the transaction was submitted, its end is not known', {
          hash,
        })
      if (newest === seen)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', end)
    stream.close()
  }
}

async function lookUp(rpc: RpcClient, hash: string): Promise<Submitted> {
  const { status, height, receipt } = await rpc.call('chain_transaction', { hash })
  if (status !== 'failed' && status !== 'dropped') return { hash, height, status }
  if (receipt === null) return { hash, height, status, code: status }
  return { hash, height, status, code: receipt.code, ...refusalOf(receipt.code, receipt.data) }
}

export function submittedResult(submitted: Submitted): CommandResult {
  const { hash, height, status, code, message, data } = submitted
  const where = height === null ? '' : ` at height ${height}`
  return {
    json: submitted,
    lines: [
      `${hash}  ${status}${where}${code === undefined ? '' : ` (${code})`}`,
      ...(message === undefined ? [] : [message]),
      ...(data === undefined ? [] : factLines(data)),
    ],
    exitCode: status === 'failed' || status === 'dropped' ? EXIT_REFUSED : EXIT_DONE,
  }
}
