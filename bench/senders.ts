/** Funded accounts of a benchmark's chain and their transfers, signed ahead of time. */
import { createSigningKey } from '../node-core/adapters/verifier.ts'
import { toHex } from '../node-core/lib/bytes.ts'
import type { SigningKey } from '../node-core/ports/crypto.ts'
import { addressOf } from '../node-core/protocol/address.ts'
import { UNITS_PER_AIT } from '../node-core/protocol/amount.ts'
import { encodeTransaction } from '../node-core/protocol/codec-transaction.ts'
import { SCHEME_ED25519 } from '../node-core/protocol/constants.ts'
import type { ChainParameters } from '../node-core/protocol/genesis.ts'
import { transactionId, transactionSigningBytes } from '../node-core/protocol/hash.ts'
import type { Address, ChainId } from '../node-core/protocol/ids.ts'
import type { Payload, UnsignedTransaction } from '../node-core/protocol/transaction.ts'

export interface Sender {
  readonly address: Address
  readonly key: SigningKey
}

export interface SignedTransfer {
  readonly hash: string
  /** Canonical bytes, 0x-hex. */
  readonly hex: string
}

/** Of each account at the start: enough for every transfer at the highest base fee. */
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

export class TransferSigner {
  readonly #chainId: ChainId
  readonly #parameters: ChainParameters
  readonly #senders: readonly Sender[]
  /** Of every sender's first transfer. */
  #firstNonce = 0
  #made = 0

  constructor(chainId: ChainId, parameters: ChainParameters, senders: readonly Sender[]) {
    this.#chainId = chainId
    this.#parameters = parameters
    this.#senders = senders
  }

  /** Senders in turn; the receivers go around the same accounts at another pace. Transfer i is of sender i mod senders. */
  async sign(count: number): Promise<SignedTransfer[]> {
    const signed: SignedTransfer[] = []
    while (signed.length < count) {
      const batch = Math.min(SIGNED_TOGETHER, count - signed.length)
      signed.push(...(await Promise.all(Array.from({ length: batch }, () => this.#next()))))
    }
    return signed
  }

  /** One drip of the faucet for each sender, before any transfer, where the genesis gives them nothing. */
  signDrips(): Promise<SignedTransfer[]> {
    this.#firstNonce = 1
    return Promise.all(this.#senders.map((sender) => this.#sign(sender, 0, { type: 'faucet.drip' })))
  }

  #next(): Promise<SignedTransfer> {
    const { length } = this.#senders
    const index = this.#made++
    const receiver = this.#senders[(7 * index + 1) % length]!
    const nonce = this.#firstNonce + Math.floor(index / length)
    return this.#sign(this.#senders[index % length]!, nonce, {
      type: 'transfer',
      to: receiver.address,
      amount: AMOUNT,
    })
  }

  async #sign({ address, key }: Sender, nonce: number, payload: Payload): Promise<SignedTransfer> {
    const unsigned: UnsignedTransaction = {
      chainId: this.#chainId,
      sender: address,
      nonce,
      gasLimit: this.#parameters.transferGas,
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
