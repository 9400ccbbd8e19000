/** The validator of a tab: the active account votes from here as soon as the chain knows its keys. */
import { reviewTransaction, signAndSubmit } from '../../node/account-signer.ts'
import type { SubmitPayload } from '../../node/evidence-reporter.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { beginSigningRecord } from '../../node/signer.ts'
import { deskOf } from '../../node/transaction-desk.ts'
import { ValidatorDuties } from '../../node/validator-duties.ts'
import { holdsKey, type ValidatorKeys } from '../../node/validator-keys.ts'
import type { WalletMethods } from '../../node/wallet-api.ts'
import { CodedError } from '../../ports/coded-error.ts'
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { formatAddress, parseAddress } from '../../protocol/address.ts'
import type { Address } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import { openBrowserJournal, removeBrowserJournal } from './browser-journal.ts'
import type { BrowserKeystore } from './browser-keystore.ts'
import { ClosingWatch } from './closing-watch.ts'

export class BrowserSeat {
  readonly #node: LiveNode
  readonly #keystore: BrowserKeystore
  readonly #chain: string
  readonly #told: (onWatch: boolean) => void
  #duties: ValidatorDuties | null = null
  #watch: ClosingWatch | null = null
  #journal: { readonly address: Address; readonly journal: Journal } | null = null
  #taking: Promise<void> | null = null
  #stopListening: () => void = () => undefined

  /** True until the first identity. */
  #handedOver: boolean

  constructor(options: {
    node: LiveNode
    keystore: BrowserKeystore
    chain: string
    /** A tab that ran this browser's node until now has just gone. */
    handedOver: boolean
    /** Called when the validator begins or ceases to be one whose absence counts. */
    onWatch: (isOn: boolean) => void
  }) {
    this.#node = options.node
    this.#keystore = options.keystore
    this.#chain = options.chain
    this.#handedOver = options.handedOver
    this.#told = options.onWatch
  }

  async start(): Promise<void> {
    this.#stopListening = this.#node.listen({ decided: () => this.#takeUp() })
    this.#takeUp()
    await this.#taking
  }

  stop(): void {
    this.#stopListening()
    this.#duties?.stop()
    this.#watch?.stop()
    void this.#journal?.journal.close()
  }

  /** Another account is active from now on, or the same. */
  async activated(active: Address | null): Promise<void> {
    if (this.#node.identity && this.#node.identity.address !== active) await this.#layDown()
    this.#takeUp()
  }

  /** The page is going and nobody takes over: the validator is paused. */
  closing(): void {
    void this.#watch?.closing()
  }

  /** Before the person's own pause is sent, which outlasts this tab. */
  async willPause(): Promise<void> {
    await this.#watch?.willPause()
  }

  /** Before this account's keys are told to the chain. */
  async beginRecord(address: Address): Promise<void> {
    await beginSigningRecord(await this.#journalOf(address))
  }

  /** The pair to change to, kept beside the one that signs. Rejects with what the chain would refuse a change for. */
  async prepareRotation(address: Address): Promise<ValidatorKeys> {
    const { state, parameters, parent } = this.#node.chain
    const text = formatAddress(address)
    const record = state.get(validatorKey(address))
    if (!record) throw new CodedError('unknown-validator', { address: text })
    const nextAtMs = record.rotatedAtMs + parameters.unbondingMs
    if (record.rotatedAtMs > 0 && parent.timestampMs < nextAtMs)
      throw new CodedError('rotation-too-early', { nextAtMs: String(nextAtMs) })
    const keys = await this.#keystore.prepareRotation(text, record.validatorKey)
    await this.#node.host.holdKeys(await this.#keystore.ensureValidatorKeys(text))
    return keys
  }

  async exportSigning(): Promise<WalletMethods['signing_export']['result']> {
    const { chain, host } = this.#node
    return {
      fileName: `aitbc-signing-${chain.genesis.chainId}-${chain.height}.json`,
      text: await host.exportSigning(),
    }
  }

  async resumeSigning(): Promise<WalletMethods['signing_resume']['result']> {
    await this.#node.host.resumeSigning()
    return {}
  }

  importSigning(text: string): Promise<WalletMethods['signing_import']['result']> {
    return this.#node.host.importSigning(text)
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
    const text = await this.#keystore.activeAddress()
    const address = text === null ? null : parseAddress(text)
    const record = address && this.#node.chain.state.get(validatorKey(address))
    if (text === null || !address || !record) return
    const keys = await this.#keystore.ensureValidatorKeys(text)
    if (!holdsKey(keys, record.validatorKey)) return
    const journal = await this.#journalOf(address)
    await this.#node.setIdentity({ address, ...keys, journal, handedOver: this.#handedOver })
    this.#handedOver = false
    const accountKey = await this.#keystore.accountKey(text)
    const desk = deskOf(this.#node)
    const submit: SubmitPayload = async (payload) => {
      const { unsigned } = await reviewTransaction(desk, address, payload)
      await signAndSubmit(desk, accountKey, unsigned)
    }
    this.#duties = new ValidatorDuties(this.#node, submit)
    const watch = { node: this.#node, marks: this.#keystore, told: this.#told }
    this.#watch = new ClosingWatch(watch, address, submit)
  }

  async #layDown(): Promise<void> {
    this.#duties?.stop()
    this.#duties = null
    this.#watch?.stop()
    this.#watch = null
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
}
