/** Whole nodes on the memory adapters, for tests: real keys, real signatures, the real node; network and disk are twins. */

import { createMemoryHub, type MemoryHub } from '../adapters/memory/memory-hub.ts'
import { MemoryJournalFile } from '../adapters/memory/memory-journal.ts'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { createRandomnessKey, createSigningKey, createVerifier } from '../adapters/verifier.ts'
import { PARAMETERS } from '../execution/test-chain.ts'
import { assert } from '../lib/assert.ts'
import type { Clock } from '../ports/clock.ts'
import type { RandomnessKey, SigningKey } from '../ports/crypto.ts'
import { addressOf } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { encodeTransaction } from '../protocol/codec-transaction.ts'
import type { ChainParameters, Genesis } from '../protocol/genesis.ts'
import { possessionMessage, sha256, transactionSigningBytes } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import type { Payload, UnsignedTransaction } from '../protocol/transaction.ts'
import { createNode, type NodeOptions, type SyncLimits } from './create-node.ts'
import type { LiveNode } from './live-node.ts'
import { NodeService } from './node-service.ts'
import { createObserver, type ObserverNode } from './observer-node.ts'
import { ObserverService } from './observer-service.ts'
import { beginSigningRecord } from './signer.ts'

/** The rules of the chain without consensus, at the pace of a test. */
export const TEST_PARAMETERS: ChainParameters = {
  ...PARAMETERS,
  blockTimeMs: 100,
  emptyIntervalMs: 200,
  roundTimeoutMs: 2_000,
  roundTimeoutCapMs: 10_000,
  clockPrecisionMs: 200,
  epochBlocks: 4,
  unbondingMs: 2_000,
  genesisBaseFeePerGas: 100n,
  maximumTransactionBytes: 32_768,
  batchSavingGas: 15_000,
  faucetDrip: 2_500n * UNITS_PER_AIT,
  faucetIntervalBlocks: 100,
}

export interface Person {
  readonly name: string
  readonly address: Address
  readonly accountKey: SigningKey
  readonly validatorKey: SigningKey
  readonly randomnessKey: RandomnessKey
}

/** The same name gives the same keys. */
export async function person(name: string): Promise<Person> {
  const seed = (purpose: string) => sha256(new TextEncoder().encode(`${purpose}:${name}`))
  const accountKey = await createSigningKey(seed('account'))
  return {
    name,
    accountKey,
    address: addressOf(0, accountKey.publicKey),
    validatorKey: await createSigningKey(seed('validator')),
    randomnessKey: createRandomnessKey(seed('randomness')),
  }
}

export interface TestNode {
  readonly node: LiveNode
  readonly api: NodeService
  readonly network: MemoryNetwork
  readonly disk: MemoryDisk
  readonly journal: MemoryJournalFile
  stop(): Promise<void>
}

export interface TestObserver {
  readonly node: ObserverNode
  readonly api: ObserverService
  readonly network: MemoryNetwork
  readonly disk: MemoryDisk
  stop(): Promise<void>
}

export class TestCluster {
  readonly hub: MemoryHub
  readonly genesis: Genesis
  readonly nodes: TestNode[] = []
  readonly #observers: TestObserver[] = []
  readonly validators: readonly Person[]
  readonly #clock: Clock

  private constructor(validators: readonly Person[], genesis: Genesis, clock: Clock) {
    this.hub = createMemoryHub({ latencyMs: { minimum: 1, maximum: 4 }, clock })
    this.#clock = clock
    this.validators = validators
    this.genesis = genesis
  }

  static async create(options: {
    validators: number
    rich?: readonly Person[]
    /** Funded with one AIT each. */
    accounts?: readonly Address[]
    parameters?: Partial<ChainParameters>
    /** The real one where it is left out. */
    clock?: Clock
    /** Of the genesis, ms before now. */
    ageMs?: number
  }): Promise<TestCluster> {
    const clock = options.clock ?? systemClock
    const chainId = 'aitbc-test'
    const validators = await Promise.all(
      Array.from({ length: options.validators }, (_, i) => person(`validator-${i}`)),
    )
    const genesis: Genesis = {
      chainId,
      timestampMs: clock.wallMs() - (options.ageMs ?? 0),
      parameters: { ...TEST_PARAMETERS, ...options.parameters },
      accounts: [
        ...[...validators, ...(options.rich ?? [])].map(({ address }) => ({
          address,
          balance: 10_000n * UNITS_PER_AIT,
        })),
        ...(options.accounts ?? []).map((address) => ({ address, balance: UNITS_PER_AIT })),
      ],
      validators: await Promise.all(
        validators.map(async (each) => ({
          address: each.address,
          name: each.name,
          ...(await provedKeys(each, chainId)),
          stake: 1_000n * UNITS_PER_AIT,
          commission: 50_000,
        })),
      ),
    }
    return new TestCluster(validators, genesis, clock)
  }

  /** A node with these keys, or one that signs nothing; on an old disk it goes on where that one stopped. */
  async start(
    who: Person | null,
    kept: {
      handedOver?: boolean
      disk?: MemoryDisk
      journal?: MemoryJournalFile
      clock?: Clock
      mode?: NodeOptions['mode']
      sync?: SyncLimits
      /** Not dialled. */
      apart?: readonly TestNode[]
    } = {},
  ): Promise<TestNode> {
    const disk = kept.disk ?? new MemoryDisk()
    const journal = kept.journal ?? new MemoryJournalFile()
    const network = this.hub.createNetwork()
    const clock = kept.clock ?? this.#clock
    const created = await createNode({
      ...this.#options({ disk, network, clock }),
      mode: kept.mode ?? 'full',
      ...(kept.sync ? { sync: kept.sync } : {}),
    })
    assert(created.ok, 'a test node opens its store')
    const { node } = created
    await this.#join(network, kept.apart)
    if (who) {
      const opened = journal.open()
      if (!kept.journal) await beginSigningRecord(opened)
      await node.setIdentity({ ...who, journal: opened, handedOver: kept.handedOver ?? false })
    }
    const api = new NodeService(node)
    const entry: TestNode = {
      node,
      api,
      network,
      disk,
      journal,
      stop: async () => {
        api.stop()
        await node.stop()
        await network.stop()
      },
    }
    this.nodes.push(entry)
    return entry
  }

  /** In the observer's mode; on an old disk it goes on where that one stopped. */
  async observe(
    kept: { readonly disk?: MemoryDisk; readonly apart?: readonly TestNode[] } = {},
  ): Promise<TestObserver> {
    const disk = kept.disk ?? new MemoryDisk()
    const network = this.hub.createNetwork()
    const created = await createObserver(this.#options({ disk, network, clock: this.#clock }))
    assert(created.ok, 'a test observer opens its store')
    const { node } = created
    await this.#join(network, kept.apart)
    const api = new ObserverService(node)
    const entry: TestObserver = {
      node,
      api,
      network,
      disk,
      stop: async () => {
        api.stop()
        await node.stop()
        await network.stop()
      },
    }
    this.#observers.push(entry)
    return entry
  }

  #options({ disk, network, clock }: { disk: MemoryDisk; network: MemoryNetwork; clock: Clock }) {
    return {
      genesis: this.genesis,
      version: 'test',
      storage: disk.open(),
      network,
      clock,
      verifier: createVerifier(),
      telemetry: createTelemetry({ clock }),
      transport: { channels: 'native' as const, verifyWorkers: 0 },
      relaysConfigured: 0,
      config: {},
    }
  }

  async #join(network: MemoryNetwork, apart: readonly TestNode[] = []): Promise<void> {
    await network.start()
    for (const other of this.nodes)
      if (other.network.running && !apart.includes(other))
        await network.dial(other.network.addresses()[0]!, { timeoutMs: 1_000 })
  }

  async stop(): Promise<void> {
    for (const each of [...this.#observers, ...this.nodes]) if (each.network.running) await each.stop()
  }

  /** Canonical bytes of a transaction of this person, valid for a long time. */
  async sign(
    who: Person,
    payload: Payload,
    nonce: number,
    changes: Partial<UnsignedTransaction> = {},
  ): Promise<Uint8Array> {
    const unsigned: UnsignedTransaction = {
      chainId: this.genesis.chainId,
      sender: who.address,
      nonce,
      gasLimit: 200_000,
      maxFeePerGas: 1_000n,
      maxPriorityFeePerGas: 1n,
      validUntilHeight: 10_000,
      payload,
      ...changes,
    }
    const bytes = await who.accountKey.sign(transactionSigningBytes(unsigned))
    return encodeTransaction({
      ...unsigned,
      signature: { scheme: 0, publicKey: who.accountKey.publicKey, bytes },
    })
  }
}

/** The public keys with the proofs that they are its own, as in a registration. */
export async function provedKeys(who: Person, chainId: string) {
  const message = possessionMessage(chainId, who.address)
  return {
    validatorKey: who.validatorKey.publicKey,
    randomnessKey: who.randomnessKey.publicKey,
    validatorKeyProof: await who.validatorKey.sign(message),
    randomnessKeyProof: (await who.randomnessKey.prove(message)).proof,
  }
}

/** Resolves with the first true answer, asked at every block of the node. */
export function untilBlock(node: LiveNode, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (done()) return resolve()
    const stop = node.chain.onDecided(() => {
      if (!done()) return
      stop()
      resolve()
    })
  })
}

/** Until what `done` looks at has happened, asked whenever the node says that something changed. */
export function untilTold({ node }: TestNode, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!done()) return
      stop()
      resolve()
    }
    const stop = node.listen({ status: look, peers: look, decided: look })
    look()
  })
}

/** The same of an observer. */
export function untilObserved({ node }: TestObserver, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!done()) return
      stop()
      resolve()
    }
    const stop = node.listen({ status: look, peers: look, head: look })
    look()
  })
}
