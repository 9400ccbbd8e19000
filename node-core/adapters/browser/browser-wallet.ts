/** WalletApi of a tab: the keys in its store, and what the owner does with them on the node. */
import { toHex } from '../../lib/bytes.ts'
import { reviewTransaction, type Speed, signAndSubmit } from '../../node/account-signer.ts'
import type { NodeMode, PayloadView } from '../../node/node-api.ts'
import type { TransactionDesk } from '../../node/transaction-desk.ts'
import type { ValidatorKeys } from '../../node/validator-keys.ts'
import { payloadView, readPayload } from '../../node/views/payload-view.ts'
import type {
  PasskeyQuestion,
  SubmitRequest,
  WalletApi,
  WalletMethod,
  WalletMethods,
} from '../../node/wallet-api.ts'
import type { Clock } from '../../ports/clock.ts'
import { CodedError } from '../../ports/coded-error.ts'
import type { Network } from '../../ports/network.ts'
import type { Storage } from '../../ports/storage.ts'
import { parseAddress } from '../../protocol/address.ts'
import { possessionMessage } from '../../protocol/hash.ts'
import type { Address } from '../../protocol/ids.ts'
import { sortedMembers } from '../../protocol/multisig-account.ts'
import type { Payload, UnsignedTransaction } from '../../protocol/transaction.ts'
import type { BrowserKeystore } from './browser-keystore.ts'
import type { BrowserSeat } from './browser-seat.ts'
import type { PasskeyDesk } from './passkey-desk.ts'

const DIAL_TIMEOUT_MS = 15_000
/** Until the person asks for the relays again. */
const DROPPED_MS = 365 * 24 * 60 * 60 * 1_000

/** What the wallet looks at in a node of any mode. */
export interface WalletNode {
  readonly mode: NodeMode
  readonly options: { readonly storage: Pick<Storage, 'usage'> }
  setAccount(account: Address | null): void
}

/** The page starts the node and its wallet again for another mode, and it alone can ask for a passkey. */
type OfThePage = 'node_mode' | 'wallet_passkey_create' | 'wallet_passkey_restore'
type Handlers = {
  [M in Exclude<WalletMethod, OfThePage>]: (
    params: WalletMethods[M]['params'],
  ) => Promise<WalletMethods[M]['result']>
}

export class BrowserWallet implements WalletApi {
  readonly #node: WalletNode
  readonly #desk: TransactionDesk
  readonly #seat: BrowserSeat | null
  readonly #keystore: BrowserKeystore
  readonly #network: Network
  readonly #clock: Clock
  /** Loaded when an account with a passkey is met: its curve is a tenth of all that a node loads. */
  #passkeys: PasskeyDesk | null = null
  readonly #handlers: Handlers

  constructor(options: {
    node: WalletNode
    desk: TransactionDesk
    /** null: this node cannot validate. */
    seat: BrowserSeat | null
    keystore: BrowserKeystore
    network: Network
    clock: Clock
  }) {
    this.#node = options.node
    this.#desk = options.desk
    this.#seat = options.seat
    this.#keystore = options.keystore
    this.#network = options.network
    this.#clock = options.clock
    this.#handlers = this.#build()
  }

  async start(): Promise<void> {
    this.#node.setAccount(await this.#active())
    await this.#seat?.start()
  }

  stop(): void {
    this.#seat?.stop()
  }

  async call<M extends WalletMethod>(
    method: M,
    params: WalletMethods[M]['params'],
  ): Promise<WalletMethods[M]['result']> {
    if (!Object.hasOwn(this.#handlers, method))
      throw new CodedError('unknown-method', { method: String(method) })
    const handler = this.#handlers[method as keyof Handlers] as (
      params: WalletMethods[M]['params'],
    ) => Promise<WalletMethods[M]['result']>
    return handler(params)
  }

  #build(): Handlers {
    const keystore = this.#keystore
    return {
      wallet_accounts: () => keystore.list(),
      wallet_create: async ({ name }) => this.#activated(await keystore.create(await this.#named(name))),
      wallet_offer: ({ count }) => keystore.offer(count),
      wallet_choose: async ({ choice, name }) =>
        this.#activated(await keystore.choose(choice, await this.#named(name))),
      wallet_activate: async ({ address }) => this.#activated(await keystore.activate(address)),
      wallet_backup: ({ password }) => keystore.backup(password),
      wallet_rehearse: ({ text, password }) => keystore.rehearse(text, password),
      wallet_restore: async ({ text, password, name }) =>
        this.#activated(await keystore.restore(text, password, await this.#named(name))),
      wallet_review: ({ request }) => this.#review(request),
      wallet_submit: ({ request }) => this.#submit(request),
      wallet_passkey_keep: async ({ name, credentialId, publicKey }) => {
        const { readPasskey } = await import('./passkey-desk.ts')
        const passkey = readPasskey(credentialId, publicKey) ?? refuse('passkey-unusable', {})
        return this.#activated(await keystore.keepPasskey(passkey, await this.#named(name)))
      },
      wallet_passkey_recover: async ({ name, assertions }) => {
        const { recoverPasskey } = await import('./passkey-desk.ts')
        const passkey = recoverPasskey(assertions) ?? refuse('passkey-unusable', {})
        return this.#activated(await keystore.keepPasskey(passkey, await this.#named(name)))
      },
      wallet_passkey_begin: ({ request }) => this.#ask(request),
      wallet_passkey_finish: async (answer) => ({ hash: await (await this.#passkeyDesk()).finish(answer) }),
      mesh_dial: async ({ address }) => ({
        peer: await this.#network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS }),
      }),
      mesh_block: async ({ peer, minutes }) => {
        this.#network.block(peer, this.#clock.wallMs() + minutes * 60_000)
        await this.#network.disconnect(peer)
        return {}
      },
      mesh_dropRelay: ({ drop }) => this.#dropRelays(drop),
      signing_export: () => this.#requireSeat().exportSigning(),
      signing_resume: () => this.#requireSeat().resumeSigning(),
      signing_import: ({ text }) => this.#requireSeat().importSigning(text),
      node_persist: async () => ({
        persistent: (await this.#node.options.storage.usage()).persistent === true,
      }),
    }
  }

  async #activated<View>(view: View): Promise<View> {
    const active = await this.#active()
    this.#node.setAccount(active)
    await this.#seat?.activated(active)
    return view
  }

  async #active(): Promise<Address | null> {
    const text = await this.#keystore.activeAddress()
    return text === null ? null : parseAddress(text)
  }

  /** A name is for people with several accounts; the first needs none. */
  async #named(name: string): Promise<string> {
    return name.trim() || `Account ${(await this.#keystore.list()).length + 1}`
  }

  async #requireActive(): Promise<Address> {
    return (await this.#active()) ?? refuse('no-account', {})
  }

  async #review(request: SubmitRequest): Promise<WalletMethods['wallet_review']['result']> {
    const sender = await this.#requireActive()
    const payload = await this.#payload(sender, request)
    const reviewed = await reviewTransaction(this.#desk, sender, payload, speedOf(request))
    const { unsigned, balance, fee, feeMax } = reviewed
    const received = payload.type === 'faucet.drip' ? this.#desk.genesis.parameters.faucetDrip : 0n
    const after = balance + received - spent(payload) - fee
    return {
      payload: payloadView(payload),
      gas: unsigned.gasLimit,
      fee: String(fee),
      feeMax: String(feeMax),
      balanceAfter: String(after),
    }
  }

  async #submit(request: SubmitRequest): Promise<WalletMethods['wallet_submit']['result']> {
    const key = await this.#keystore.accountKey(await this.#requireText())
    return { hash: await signAndSubmit(this.#desk, key, await this.#unsigned(request)) }
  }

  async #ask(request: SubmitRequest): Promise<PasskeyQuestion | null> {
    const passkey = await this.#keystore.passkeyOf(await this.#requireText())
    return passkey && (await this.#passkeyDesk()).begin(passkey, await this.#unsigned(request))
  }

  /** One, since it holds what waits for an answer. */
  async #passkeyDesk(): Promise<PasskeyDesk> {
    const { PasskeyDesk } = await import('./passkey-desk.ts')
    this.#passkeys ??= new PasskeyDesk(this.#desk)
    return this.#passkeys
  }

  async #unsigned(request: SubmitRequest): Promise<UnsignedTransaction> {
    const sender = await this.#requireActive()
    const payload = await this.#payload(sender, request)
    if (payload.type === 'validator.register') await this.#requireSeat().beginRecord(sender)
    if (payload.type === 'validator.pause') await this.#seat?.willPause()
    return (await reviewTransaction(this.#desk, sender, payload, speedOf(request))).unsigned
  }

  #requireSeat(): BrowserSeat {
    return this.#seat ?? refuse('not-in-this-mode', { mode: this.#node.mode })
  }

  async #requireText(): Promise<string> {
    return (await this.#keystore.activeAddress()) ?? refuse('no-account', {})
  }

  async #payload(sender: Address, request: SubmitRequest): Promise<Payload> {
    switch (request.type) {
      case 'validator.register':
        return this.#registration(sender, request)
      case 'validator.rotateKey':
        return this.#rotation(sender)
      case 'transfer': {
        const { type, to, amount } = request
        return asPayload({ type, to, amount })
      }
      case 'multisig.create': {
        const payload = asPayload({ ...request })
        return payload.type === request.type
          ? { ...payload, members: sortedMembers(payload.members) }
          : payload
      }
      default:
        return asPayload({ ...request })
    }
  }

  /** Waiting to enter, a validator says each epoch that it is awake, unasked: a passkey cannot. */
  async #registration(
    sender: Address,
    request: Extract<SubmitRequest, { type: 'validator.register' }>,
  ): Promise<Payload> {
    this.#requireSeat()
    const text = await this.#requireText()
    if (await this.#keystore.passkeyOf(text)) refuse('passkey-cannot-validate', {})
    const { type, stake, commission, name } = request
    const keys = await this.#proved(sender, await this.#keystore.ensureValidatorKeys(text))
    return asPayload({ type, ...keys, stake, commission, name })
  }

  async #rotation(sender: Address): Promise<Payload> {
    const keys = await this.#requireSeat().prepareRotation(sender)
    return asPayload({ type: 'validator.rotateKey', ...(await this.#proved(sender, keys)) })
  }

  /** The public keys with the proofs that they are here. */
  async #proved(sender: Address, { validatorKey, randomnessKey }: ValidatorKeys) {
    const message = possessionMessage(this.#desk.genesis.chainId, sender)
    return {
      validatorKey: toHex(validatorKey.publicKey),
      randomnessKey: toHex(randomnessKey.publicKey),
      validatorKeyProof: toHex(await validatorKey.sign(message)),
      randomnessKeyProof: toHex((await randomnessKey.prove(message)).proof),
    }
  }

  async #dropRelays(drop: boolean): Promise<Record<string, never>> {
    for (const { address } of this.#network.relays()) {
      const peer = address.split('/p2p/').at(-1)
      if (!peer) continue
      this.#network.block(peer, drop ? this.#clock.wallMs() + DROPPED_MS : 0)
      if (drop) await this.#network.disconnect(peer)
    }
    return {}
  }
}

function speedOf(request: SubmitRequest): Speed {
  return request.type === 'transfer' ? (request.speed ?? 'standard') : 'standard'
}

function spent(payload: Payload): bigint {
  if (payload.type === 'transfer' || payload.type === 'stake.delegate') return payload.amount
  return payload.type === 'validator.register' ? payload.stake : 0n
}

function asPayload(view: PayloadView): Payload {
  return readPayload(view) ?? refuse('malformed', { detail: view.type })
}

function refuse(code: string, data: Readonly<Record<string, unknown>>): never {
  throw new CodedError(code, data)
}
