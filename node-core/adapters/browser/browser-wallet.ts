/** WalletApi of a tab: the keys in its store, and what the owner does with them on the node. */

import { equalBytes } from '../../lib/bytes.ts'
import { reviewTransaction, type Speed, signAndSubmit } from '../../node/account-signer.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { beginSigningRecord } from '../../node/signer.ts'
import { ValidatorDuties } from '../../node/validator-duties.ts'
import { payloadView } from '../../node/views/payload-view.ts'
import type { SubmitRequest, WalletApi, WalletMethod, WalletMethods } from '../../node/wallet-api.ts'
import type { Clock } from '../../ports/clock.ts'
import { CodedError } from '../../ports/coded-error.ts'
import type { Network } from '../../ports/network.ts'
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { parseAddress } from '../../protocol/address.ts'
import { possessionMessage } from '../../protocol/hash.ts'
import type { Address } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { accountOf } from '../../state/ledger.ts'
import { validatorKey } from '../../state/records.ts'
import { openBrowserJournal, removeBrowserJournal } from './browser-journal.ts'
import type { BrowserKeystore } from './browser-keystore.ts'

const DIAL_TIMEOUT_MS = 15_000
/** Until the person asks for the relays again. */
const DROPPED_MS = 365 * 24 * 60 * 60 * 1_000

type Handlers = {
  [M in WalletMethod]: (params: WalletMethods[M]['params']) => Promise<WalletMethods[M]['result']>
}

export class BrowserWallet implements WalletApi {
  readonly #node: LiveNode
  readonly #keystore: BrowserKeystore
  readonly #network: Network
  readonly #clock: Clock
  readonly #chain: string
  readonly #handlers: Handlers
  #duties: ValidatorDuties | null = null
  #journal: { readonly address: Address; readonly journal: Journal } | null = null
  #taking: Promise<void> | null = null
  #stopListening: () => void = () => undefined

  /** True until the first identity. */
  #handedOver: boolean

  constructor(options: {
    node: LiveNode
    keystore: BrowserKeystore
    network: Network
    clock: Clock
    chain: string
    /** A tab that ran this browser's node until now has just gone. */
    handedOver: boolean
  }) {
    this.#node = options.node
    this.#keystore = options.keystore
    this.#network = options.network
    this.#clock = options.clock
    this.#chain = options.chain
    this.#handedOver = options.handedOver
    this.#handlers = this.#build()
  }

  /** The active account validates from here as soon as the chain knows its keys. */
  async start(): Promise<void> {
    this.#node.setAccount(await this.#active())
    this.#stopListening = this.#node.listen({ decided: () => this.#takeUp() })
    this.#takeUp()
    await this.#taking
  }

  stop(): void {
    this.#stopListening()
    this.#duties?.stop()
    void this.#journal?.journal.close()
  }

  async call<M extends WalletMethod>(
    method: M,
    params: WalletMethods[M]['params'],
  ): Promise<WalletMethods[M]['result']> {
    if (!Object.hasOwn(this.#handlers, method))
      throw new CodedError('unknown-method', { method: String(method) })
    const handler = this.#handlers[method] as Handlers[M]
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
      mesh_dial: async ({ address }) => ({
        peer: await this.#network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS }),
      }),
      mesh_block: async ({ peer, minutes }) => {
        this.#network.block(peer, this.#clock.wallMs() + minutes * 60_000)
        await this.#network.disconnect(peer)
        return {}
      },
      mesh_dropRelay: ({ drop }) => this.#dropRelays(drop),
      signing_export: async () => ({
        fileName: `aitbc-signing-${this.#node.chain.genesis.chainId}-${this.#node.chain.height}.json`,
        text: await this.#node.host.exportSigning(),
      }),
      signing_resume: async () => {
        await this.#node.host.resumeSigning()
        return {}
      },
      signing_import: ({ text }) => this.#node.host.importSigning(text),
      node_persist: async () => ({
        persistent: (await this.#node.options.storage.usage()).persistent === true,
      }),
    }
  }

  async #activated<View>(view: View): Promise<View> {
    const active = await this.#active()
    if (this.#node.identity && this.#node.identity.address !== active) await this.#layDown()
    this.#node.setAccount(active)
    this.#takeUp()
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
    const { unsigned, fee, feeMax } = await reviewTransaction(this.#node, sender, payload, speedOf(request))
    const { balance } = accountOf(this.#node.chain.state, sender)
    const received = payload.type === 'faucet.drip' ? this.#node.chain.parameters.faucetDrip : 0n
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
    const sender = await this.#requireActive()
    const payload = await this.#payload(sender, request)
    if (payload.type === 'validator.register') await beginSigningRecord(await this.#journalOf(sender))
    const { unsigned } = await reviewTransaction(this.#node, sender, payload, speedOf(request))
    const key = await this.#keystore.accountKey(await this.#requireText())
    return { hash: await signAndSubmit(this.#node, key, unsigned) }
  }

  async #requireText(): Promise<string> {
    return (await this.#keystore.activeAddress()) ?? refuse('no-account', {})
  }

  async #payload(sender: Address, request: SubmitRequest): Promise<Payload> {
    switch (request.type) {
      case 'transfer':
        return {
          type: 'transfer',
          to: parseAddress(request.to) ?? refuse('malformed', { detail: 'to' }),
          amount: readAmount(request.amount),
        }
      case 'validator.register': {
        const { validatorKey, randomnessKey } = await this.#keystore.ensureValidatorKeys(
          await this.#requireText(),
        )
        const message = possessionMessage(this.#node.chain.genesis.chainId, sender)
        return {
          type: 'validator.register',
          validatorKey: validatorKey.publicKey,
          randomnessKey: randomnessKey.publicKey,
          validatorKeyProof: await validatorKey.sign(message),
          randomnessKeyProof: (await randomnessKey.prove(message)).proof,
          stake: readAmount(request.stake),
          commission: request.commission,
          name: request.name,
        }
      }
      case 'validator.update':
        return { type: request.type, commission: request.commission, name: request.name }
      default:
        return { type: request.type }
    }
  }

  #takeUp(): void {
    if (this.#taking || this.#node.identity) return
    this.#taking = this.#validateIfKnown()
      .catch((error: unknown) => {
        this.#node.options.telemetry.log('error', 'wallet', `validating did not start: ${String(error)}`)
      })
      .finally(() => {
        this.#taking = null
      })
  }

  async #validateIfKnown(): Promise<void> {
    const address = await this.#active()
    const record = address && this.#node.chain.state.get(validatorKey(address))
    if (!address || !record) return
    const text = await this.#requireText()
    const keys = await this.#keystore.ensureValidatorKeys(text)
    if (!equalBytes(keys.validatorKey.publicKey, record.validatorKey)) return
    const journal = await this.#journalOf(address)
    await this.#node.setIdentity({ address, ...keys, journal, handedOver: this.#handedOver })
    this.#handedOver = false
    const accountKey = await this.#keystore.accountKey(text)
    this.#duties = new ValidatorDuties(this.#node, async (payload) => {
      const { unsigned } = await reviewTransaction(this.#node, address, payload)
      await signAndSubmit(this.#node, accountKey, unsigned)
    })
  }

  async #layDown(): Promise<void> {
    this.#duties?.stop()
    this.#duties = null
    await this.#node.setIdentity(null)
  }

  /** One journal a key; the one of the account before is closed. */
  async #journalOf(address: Address): Promise<Journal> {
    if (this.#journal?.address === address) return this.#journal.journal
    await this.#journal?.journal.close()
    const journal = await this.#openJournal(`aitbc-signing-${this.#chain}-${address.slice(2)}`)
    this.#journal = { address, journal }
    return journal
  }

  /** A damaged one tells nothing: it counts as lost, and the signer waits as for any loss. */
  async #openJournal(name: string): Promise<Journal> {
    try {
      return (await openBrowserJournal(name)).journal
    } catch (error) {
      if (!(error instanceof StorageError) || error.data.reason !== 'damaged') throw error
      this.#node.options.telemetry.log('error', 'signer', 'the signing journal is damaged; it counts as lost')
      await removeBrowserJournal(name)
      return (await openBrowserJournal(name)).journal
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
  if (payload.type === 'transfer') return payload.amount
  return payload.type === 'validator.register' ? payload.stake : 0n
}

function readAmount(text: string): bigint {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : refuse('malformed', { detail: 'amount' })
}

function refuse(code: string, data: Readonly<Record<string, unknown>>): never {
  throw new CodedError(code, data)
}
