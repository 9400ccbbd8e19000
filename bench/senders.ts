/** Funded accounts of a benchmark's chain and what they send, signed ahead of time. */
import { createSigningKey } from '../node-core/adapters/verifier.ts'
import { gasOf } from '../node-core/economy/gas.ts'
import { toHex } from '../node-core/lib/bytes.ts'
import type { SigningKey } from '../node-core/ports/crypto.ts'
import { addressOf } from '../node-core/protocol/address.ts'
import { UNITS_PER_AIT } from '../node-core/protocol/amount.ts'
import { encodeTransaction } from '../node-core/protocol/codec-transaction.ts'
import { SCHEME_ED25519 } from '../node-core/protocol/constants.ts'
import type { ChainParameters, Genesis } from '../node-core/protocol/genesis.ts'
import { transactionId, transactionSigningBytes } from '../node-core/protocol/hash.ts'
import type { Address, ChainId } from '../node-core/protocol/ids.ts'
import type { Payload, UnsignedTransaction } from '../node-core/protocol/transaction.ts'

export interface Sender {
  readonly address: Address
  readonly key: SigningKey
}

export interface SignedTransaction {
  readonly hash: string
  /** Canonical bytes, 0x-hex. */
  readonly hex: string
}

/** Of each account at the start: enough for every transaction at the highest base fee. */
export const SENDER_BALANCE = 1_000n * UNITS_PER_AIT
/** The base fee cannot rise beyond this many times that of the genesis. */
const FEE_CEILING = 100n
const TIP = 1n
const AMOUNT = 1_000n
/** Blocks: more than any benchmark makes. */
const VALID_UNTIL_HEIGHT = 1_000_000
/** Signatures asked for at once. */
const SIGNED_TOGETHER = 512

export function createSenders(count: number): Promise<Sender[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const key = await createSigningKey(crypto.getRandomValues(new Uint8Array(32)))
      return { key, address: addressOf(SCHEME_ED25519, key.publicKey) }
    }),
  )
}

/** Of a transaction that is to be made. */
export interface Turn {
  readonly sender: Address
  /** Of all transactions, from 0. */
  readonly index: number
  /** Of this sender's, from 0. */
  readonly round: number
  readonly senders: readonly Sender[]
}

/** Receivers go around the same accounts as the senders, at another pace. */
export function transferOf({ index, senders }: Turn): Payload {
  const receiver = senders[(7 * index + 1) % senders.length]!
  return { type: 'transfer', to: receiver.address, amount: AMOUNT }
}

export class LoadSigner {
  readonly #chainId: ChainId
  readonly #parameters: ChainParameters
  readonly #senders: readonly Sender[]
  readonly #payloadOf: (turn: Turn) => Payload
  /** Of every sender's first transaction but the drip. */
  #firstNonce = 0
  #made = 0

  constructor(
    { chainId, parameters }: Pick<Genesis, 'chainId' | 'parameters'>,
    senders: readonly Sender[],
    payloadOf = transferOf,
  ) {
    this.#chainId = chainId
    this.#parameters = parameters
    this.#senders = senders
    this.#payloadOf = payloadOf
  }

  /** Senders in turn: transaction i is of sender i mod senders. */
  async sign(count: number): Promise<SignedTransaction[]> {
    const signed: SignedTransaction[] = []
    while (signed.length < count) {
      const batch = Math.min(SIGNED_TOGETHER, count - signed.length)
      signed.push(...(await Promise.all(Array.from({ length: batch }, () => this.#next()))))
    }
    return signed
  }

  /** One drip of the faucet for each sender, before anything else, where the genesis gives them nothing. */
  signDrips(): Promise<SignedTransaction[]> {
    this.#firstNonce = 1
    return Promise.all(this.#senders.map((sender) => this.#sign(sender, 0, { type: 'faucet.drip' })))
  }

  #next(): Promise<SignedTransaction> {
    const senders = this.#senders
    const index = this.#made++
    const round = Math.floor(index / senders.length)
    const sender = senders[index % senders.length]!
    const payload = this.#payloadOf({ sender: sender.address, index, round, senders })
    return this.#sign(sender, this.#firstNonce + round, payload)
  }

  async #sign({ address, key }: Sender, nonce: number, payload: Payload): Promise<SignedTransaction> {
    const unsigned: UnsignedTransaction = {
      chainId: this.#chainId,
      sender: address,
      nonce,
      gasLimit: gasOf(payload, this.#parameters),
      maxFeePerGas: FEE_CEILING * this.#parameters.genesisBaseFeePerGas + TIP,
      maxPriorityFeePerGas: TIP,
      validUntilHeight: VALID_UNTIL_HEIGHT,
      payload,
    }
    const bytes = await key.sign(transactionSigningBytes(unsigned))
    const signature = { scheme: SCHEME_ED25519, publicKey: key.publicKey, bytes }
    return { hash: transactionId(unsigned), hex: toHex(encodeTransaction({ ...unsigned, signature })) }
  }
}
