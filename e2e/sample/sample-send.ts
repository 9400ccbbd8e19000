/** What is sent here is waited for and decided, and counted against the balance. */
import type { PayloadView, ReceiptView, TransactionView } from '../../node-core/node/node-api.ts'
import type { SubmitRequest } from '../../node-core/node/wallet-api.ts'
import type { Connection } from '../../web/store/connection.ts'
import { hexOf, SELF_ADDRESS } from './people.ts'
import { overNode, overWallet } from './sample-over.ts'

const POOL_MS = 1_500
const GAS = 21_000
const BATCH_FIRST_GAS = 60_000
const BATCH_NEXT_GAS = 45_000
const FEE_PER_GAS = 118n
const FEE_MAX_PER_GAS = 210n

export interface SendSample {
  /** 'foreseen': the review is refused; 'refused': the first signing fails with a fee that is too low; 'failed': the chain refuses what was sent. */
  readonly fails: 'no' | 'foreseen' | 'refused' | 'failed'
  /** Of the refused review, or of the receipt of a failed one. */
  readonly code: string
}

interface Sent {
  readonly transaction: TransactionView
  readonly atMs: number
}

export function withSending(connection: Connection, { fails, code }: SendSample): Connection {
  const sent = new Map<string, Sent>()
  const startedMs = performance.now()
  const elapsed = () => performance.now() - startedMs
  let tries = 0
  const answering = overNode(connection, {
    chain_transaction: async (params, below) => {
      const held = sent.get(params.hash)
      if (held === undefined) return below.call('chain_transaction', params)
      if (elapsed() - held.atMs < POOL_MS) return held.transaction
      const head = await below.call('chain_head', {})
      return decided(held.transaction, head.height, fails === 'failed' ? code : 'ok')
    },
  })
  return overWallet(answering, {
    wallet_review: async ({ request }) => {
      if (fails === 'foreseen') throw { code, data: {} }
      const account = await connection.node.call('chain_account', { address: SELF_ADDRESS })
      const gas = gasOf(request)
      const feeMax = BigInt(gas) * FEE_MAX_PER_GAS
      const after = BigInt(account.balance) - spentBy(request) - feeMax
      return {
        payload: { ...request },
        gas,
        fee: String(BigInt(gas) * FEE_PER_GAS),
        feeMax: String(feeMax),
        balanceAfter: String(after),
      }
    },
    wallet_submit: async ({ request }) => {
      if (fails === 'refused' && tries++ === 0) throw { code: 'fee-too-low', data: {} }
      const hash = hexOf(32, 'sent', sent.size, elapsed())
      sent.set(hash, { transaction: pending(hash, request), atMs: elapsed() })
      return { hash }
    },
  })
}

function gasOf(request: PayloadView | SubmitRequest): number {
  if (request.type !== 'batch') return GAS
  return BATCH_FIRST_GAS + BATCH_NEXT_GAS * ((request.payloads as readonly unknown[]).length - 1)
}

function spentBy(request: SubmitRequest): bigint {
  if (request.type === 'transfer' || request.type === 'stake.delegate') return BigInt(request.amount)
  return request.type === 'validator.register' ? BigInt(request.stake) : 0n
}

function pending(hash: string, request: SubmitRequest): TransactionView {
  return {
    hash,
    sender: SELF_ADDRESS,
    nonce: 12,
    gasLimit: 30_000,
    maxFeePerGas: '200',
    maxPriorityFeePerGas: '10',
    validUntilHeight: 48_400,
    payload: { ...request },
    status: 'pending',
    height: null,
    index: null,
    timestampMs: null,
    receipt: null,
    bytes: 214,
  }
}

/** Of a batch that is refused it is the second operation. */
function decided(transaction: TransactionView, height: number, code: string): TransactionView {
  const gasUsed = gasOf(transaction.payload)
  const feePaid = String(BigInt(gasUsed) * FEE_PER_GAS)
  const data: ReceiptView['data'] =
    code !== 'ok' && transaction.payload.type === 'batch' ? { payload: '1' } : {}
  return {
    ...transaction,
    status: code === 'ok' ? 'succeeded' : 'failed',
    height,
    index: 0,
    timestampMs: Date.now(),
    receipt: { code, data, gasUsed, feePaid },
  }
}
