/** What a node notes of fees, gas, rewards and attacks as blocks join its chain. */
import type { Clock } from '../ports/clock.ts'
import type { Network } from '../ports/network.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Hash } from '../protocol/ids.ts'
import { AlertDesk, type AlertDeskParts } from './alert-desk.ts'
import { AttackWatch } from './attack-watch.ts'
import type { Chain, Decided } from './chain.ts'
import { EconomyRecorder } from './economy-recorder.ts'
import type { EvidenceDesk } from './evidence-desk.ts'
import { FeeWatch } from './fee-watch.ts'
import { GasBook } from './gas-book.ts'
import type { HistoryIndex } from './history-index.ts'
import type { PeerBook } from './peer-book.ts'
import { SlashBook } from './slash-book.ts'
import type { TransactionPool } from './transaction-pool.ts'
import { validatorHosts } from './validator-hosts.ts'

export interface NodeEconomyParts {
  readonly node: {
    readonly chain: Chain
    readonly pool: TransactionPool
    readonly storage: Storage
    readonly evidence: EvidenceDesk
    readonly peers: PeerBook
  }
  readonly network: Network
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly alert: AlertDeskParts['changed']
}

export class NodeEconomy {
  readonly fees: FeeWatch
  readonly gas: GasBook
  readonly epochs: EconomyRecorder
  readonly slashes: SlashBook
  readonly attacks: AttackWatch
  /** What somebody should look at. */
  readonly alerts: AlertDesk

  readonly #chain: Chain

  constructor({ node, network, clock, telemetry, alert }: NodeEconomyParts) {
    const { chain, pool, storage, peers } = node
    const evidence = node.evidence.book
    this.#chain = chain
    this.fees = new FeeWatch(chain, pool)
    this.gas = new GasBook(chain.parameters)
    this.epochs = new EconomyRecorder({ chain, storage, telemetry })
    this.slashes = new SlashBook({ chain, storage, telemetry })
    const intervalMs = () => this.fees.intervalMs
    const hosts = () => validatorHosts(network, peers)
    this.attacks = new AttackWatch({ chain, evidence, hosts, intervalMs })
    const { attacks } = this
    const common = { chain, evidence, storage, clock, telemetry, intervalMs }
    this.alerts = new AlertDesk({ ...common, attacks, changed: alert })
  }

  /** With the stored blocks that `history` reads back. */
  async open(history: HistoryIndex): Promise<void> {
    await history.open(this.#chain.height, (stored) => {
      this.fees.add(stored)
      this.gas.add(stored)
      this.attacks.add(stored)
    })
    await this.epochs.open()
    await this.slashes.open()
    await this.alerts.book.open()
  }

  decided(decided: Decided, included: ReadonlySet<Hash>): void {
    this.fees.decided(decided, included)
    this.gas.add(decided)
    this.attacks.add(decided)
    this.slashes.decided(decided)
    this.alerts.decided(decided.block.header.timestampMs)
  }
}
