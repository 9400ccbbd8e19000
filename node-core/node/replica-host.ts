/**
 * The validator inside a node: its keys and their signing record, the replica that votes with them, and everything that must
 * be true before it signs. A node without keys has a replica too, which follows.
 */
import { NEVER_SIGN, recordBound } from '../consensus/replica-state.ts'
import { assert } from '../lib/assert.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Journal } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Statement } from '../protocol/evidence.ts'
import type { Height, TimestampMs } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { BlockBuilder } from './block-builder.ts'
import type { BlockChecker } from './block-checker.ts'
import type { Chain, Decided } from './chain.ts'
import { LOOKED_AT_BLOCKS } from './constants.ts'
import type { ValidatorIdentity } from './create-node.ts'
import { commitIn, isForeign } from './foreign-signatures.ts'
import type { LateCommits } from './late-commits.ts'
import { ReplicaRunner, type RunnerPorts } from './replica-runner.ts'
import type { StoredBlock } from './repositories.ts'
import { type Restored, restoreSigner, Signer } from './signer.ts'
import type { SigningOwner } from './signing-interchange.ts'
import { exportSigning, type Imported, importSigning, resumeSigning } from './signing-transfer.ts'
import type { ForeignSignature, Silence } from './silence.ts'
import { SleepWatch } from './sleep-watch.ts'
import type { StorageKeeper } from './storage-keeper.ts'
import type { TransactionPool } from './transaction-pool.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'
import { type HeldKeys, publicKeysOf, randomnessKeyIn, signingKeyIn } from './validator-keys.ts'

export interface ReplicaHostParts {
  readonly chain: Chain
  readonly checker: BlockChecker
  readonly pool: TransactionPool
  readonly transactions: TransactionVerifier
  readonly lateCommits: LateCommits
  readonly storage: StorageKeeper
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly runnerPorts: Omit<RunnerPorts, 'aboutToStep'>
  /** The status changed in a way that a person would notice. */
  readonly changed: () => void
  /** The machine slept: the peers are asked how far they are. */
  readonly woke: () => void
}

const FOLLOWER: Restored = { record: null, preparedBody: [], lost: false, exported: false }

interface OwnedRecord {
  readonly journal: Journal
  readonly owner: SigningOwner
}

export class ReplicaHost {
  readonly #parts: ReplicaHostParts
  readonly #sleep: SleepWatch
  #identity: ValidatorIdentity | null = null
  #signer: Signer | null = null
  #runner: ReplicaRunner | null = null
  #onWatchSinceMs: TimestampMs | null = null
  /** When a node that does not know what its key signed began to wait; null: it knows. */
  #lostSinceMs: TimestampMs | null = null
  /** The journal itself could not be read, since then. */
  #unreadableSinceMs: TimestampMs | null = null
  #looking: { readonly timer: Timer; readonly untilMs: TimestampMs } | null = null
  #foreign: ForeignSignature | null = null
  /** Another node may sign by the record of this one. */
  #exported = false
  /** What the record binds: below this height nothing is signed. */
  #bound: Height = 0
  /** Own signatures below this height are of the time before a loss and tell nothing. */
  #tellsFromHeight: Height = 0
  #said: Silence['code'] | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: ReplicaHostParts) {
    this.#parts = parts
    this.#sleep = new SleepWatch(parts.clock, () => this.#woke())
    parts.storage.onChange(() => this.#sayWhenChanged())
  }

  get identity(): ValidatorIdentity | null {
    return this.#identity
  }

  get onWatchSinceMs(): TimestampMs | null {
    return this.#onWatchSinceMs
  }

  /** null before the start. */
  get running(): ReplicaRunner | null {
    return this.#runner
  }

  get runner(): ReplicaRunner {
    assert(this.#runner, 'the node was started')
    return this.#runner
  }

  async start(): Promise<void> {
    this.#sleep.start()
    await this.#inTurn(() => this.#restart())
  }

  async stop(): Promise<void> {
    this.#sleep.stop()
    this.#looking?.timer.cancel()
    await this.#runner?.stop()
  }

  /** Signs from now on with these keys, or with none. What the replica knew of the height is asked of the others again. */
  setIdentity(identity: ValidatorIdentity | null): Promise<void> {
    return this.#inTurn(async () => {
      this.#identity = identity
      this.#onWatchSinceMs = identity && this.#parts.clock.wallMs()
      await this.#restart()
    })
  }

  /**
   * The same validator's keys after one pair was made or let go; nothing is interrupted, the set of each height says which pair
   * signs there. A pair that was made for this has signed nowhere: nobody is listened for.
   */
  holdKeys({ validatorKey, randomnessKey, spare }: HeldKeys): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#identity) this.#identity = { ...this.#identity, validatorKey, randomnessKey, spare }
    })
  }

  /** Ends signing here. Rejects with a CodedError: 'no-signing-record' without an identity, else as exportSigning says. */
  exportSigning(): Promise<string> {
    return this.#transfer(({ journal, owner }) => exportSigning(journal, owner))
  }

  /** Signs again by a record that was exported. Rejects with 'no-signing-record' without an identity. */
  async resumeSigning(): Promise<void> {
    await this.#transfer(({ journal }) => resumeSigning(journal))
  }

  /** Merges and goes on with the result. Rejects as importSigning says. */
  importSigning(text: string): Promise<Imported> {
    return this.#transfer(({ journal, owner }) => importSigning(journal, owner, text))
  }

  #transfer<T>(work: (owned: OwnedRecord) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const owned = this.#owned()
      await this.#runner?.stop()
      try {
        return await work(owned)
      } finally {
        await this.#restart()
      }
    })
  }

  /** Of one's own key, signature checked. */
  ownSeen(statement: Statement, where: ForeignSignature['where']): void {
    if (!this.#signer || this.#foreign || this.#lostSinceMs !== null) return
    if (statement.height < this.#tellsFromHeight) return
    if (isForeign(this.#signer.record, statement)) this.keyUsedElsewhere(statement, where)
  }

  /** Nothing is signed any more until this node starts again. */
  keyUsedElsewhere(statement: Statement, where: ForeignSignature['where']): void {
    if (!this.#signer || this.#foreign || this.#exported) return
    const { height, round, type } = statement
    this.#foreign = { height, round, type, where }
    this.#signer.bar()
    this.#runner?.feed({ type: 'signing-barred' })
    this.#parts.telemetry.log(
      'error',
      'signer',
      `another node signs with this validator's key (${type} at ${height}/${round}, seen in a ${where}); nothing is signed here any more: stop the other one, then start this one again`,
    )
    this.#sayWhenChanged()
  }

  decided(decided: Decided): void {
    this.#lookInto(decided)
    this.#allowSigningAgain(decided)
    this.#sayWhenChanged()
  }

  /** null: whatever the rules call for is signed. */
  silence(): Silence | null {
    if (!this.#identity) return null
    if (this.#exported) return { code: 'record-exported' }
    if (this.#foreign) return { code: 'key-used-elsewhere', ...this.#foreign }
    const trouble = this.#parts.storage.trouble ?? this.#signer?.trouble ?? null
    if (trouble) return { code: silenceCode(trouble.code), sinceMs: trouble.sinceMs }
    if (this.#unreadableSinceMs !== null) return { code: 'storage-lost', sinceMs: this.#unreadableSinceMs }
    const { chain } = this.#parts
    if (this.#lostSinceMs !== null) {
      const newerThanMs = this.#lostSinceMs + 2 * chain.parameters.clockPrecisionMs
      return { code: 'record-lost', sinceMs: this.#lostSinceMs, newerThanMs }
    }
    if (this.#looking) return { code: 'looking-for-another-signer', untilMs: this.#looking.untilMs }
    if (chain.height + 1 < this.#bound) return { code: 'record-imported', fromHeight: this.#bound }
    const ahead = this.#runner?.state.peerAheadHeight ?? null
    return ahead !== null && ahead > chain.height ? { code: 'catching-up' } : null
  }

  async #restart(): Promise<void> {
    await this.#runner?.stop()
    this.#looking?.timer.cancel()
    this.#looking = null
    this.#foreign = null
    const { telemetry, clock, transactions } = this.#parts
    const identity = this.#identity
    const restored = identity ? await this.#restore(identity) : FOLLOWER
    this.#lostSinceMs = restored.lost ? clock.wallMs() : null
    this.#exported = restored.exported
    this.#tellsFromHeight = 0
    this.#bound = recordBound(restored.record)
    if (restored.lost)
      telemetry.log(
        'warn',
        'signer',
        'the signing record is lost; nothing is signed until a block newer than this start is final',
      )
    await Promise.all(restored.preparedBody.map((bytes) => transactions.verifyBytes(bytes)))
    this.#signer = identity && this.#signerOf(identity, restored)
    const listens = this.#listens(restored)
    if (identity?.handedOver) this.#identity = { ...identity, handedOver: false }
    const silent = restored.lost || restored.exported || listens
    this.#runner = this.#runnerOf(identity, restored, silent ? NEVER_SIGN : null)
    await this.#lookBack()
    if (listens && !this.#foreign) this.#listen()
    this.#runner.startHeight()
    this.#sayWhenChanged()
  }

  async #restore(identity: ValidatorIdentity): Promise<Restored> {
    this.#unreadableSinceMs = null
    try {
      return await restoreSigner(identity.journal)
    } catch (error) {
      this.#unreadableSinceMs = this.#parts.clock.wallMs()
      this.#parts.telemetry.log('error', 'signer', `the signing record cannot be read: ${String(error)}`)
      return { ...FOLLOWER, lost: true }
    }
  }

  #signerOf(identity: ValidatorIdentity, restored: Restored): Signer {
    const { chain, clock } = this.#parts
    const { address, journal } = identity
    const keyIn = (set: ValidatorSet) => signingKeyIn(set, address, this.#identity ?? identity)
    const signer = new Signer({ chainId: chain.genesis.chainId, keyIn, journal, clock, restored })
    if (restored.exported) signer.bar()
    return signer
  }

  #runnerOf(
    identity: ValidatorIdentity | null,
    restored: Restored,
    signFromHeight: Height | null,
  ): ReplicaRunner {
    const { chain, checker, pool, lateCommits, clock, telemetry, runnerPorts } = this.#parts
    const builder = new BlockBuilder({
      chain,
      checker,
      pool,
      clock,
      lateCommits,
      proposer: identity?.address ?? null,
      keyIn: (set) => identity && randomnessKeyIn(set, identity.address, this.#identity ?? identity),
    })
    return new ReplicaRunner({
      self: identity?.address ?? null,
      chain,
      checker,
      builder,
      signer: this.#signer,
      restored,
      signFromHeight,
      clock,
      telemetry,
      ports: {
        ...runnerPorts,
        aboutToStep: () => this.#sleep.look(),
        heightStarted: () => {
          runnerPorts.heightStarted()
          builder.prepare()
        },
      },
    })
  }

  /** A lost record waits longer anyway; a key that never signed, on a chain without a block, has nobody to fear. */
  #listens({ record, lost, exported }: Restored): boolean {
    if (this.#identity === null || lost || exported) return false
    if (this.#identity.handedOver && record !== null) return false
    return record !== null || this.#parts.chain.height > 0
  }

  /** One whole round, the pause of an idle chain included. */
  #listen(): void {
    const { chain, clock } = this.#parts
    const forMs = chain.parameters.emptyIntervalMs + chain.parameters.roundTimeoutMs
    const timer = clock.setTimer(forMs, () => {
      this.#looking = null
      if (!this.#foreign) this.#runner?.feed({ type: 'signing-allowed', fromHeight: this.#bound })
      this.#sayWhenChanged()
    })
    this.#looking = { timer, untilMs: clock.wallMs() + forMs }
  }

  async #lookBack(): Promise<void> {
    const { chain } = this.#parts
    if (!this.#identity || chain.height === 0) return
    const from = Math.max(1, chain.height - LOOKED_AT_BLOCKS + 1)
    for (const stored of await chain.loadRange(from, LOOKED_AT_BLOCKS)) this.#lookInto(stored)
  }

  #lookInto({ block, certificate }: StoredBlock): void {
    const self = this.#identity?.address
    if (!self) return
    for (const each of [certificate, block.body.parentCertificate]) {
      const at = each && this.#parts.chain.setAt(each.height)
      const own = at && commitIn(each, at.set, self)
      if (own) this.ownSeen(own, 'block')
    }
  }

  /** Whatever the lost record held is below a block that is newer than the loss, clocks considered. */
  #allowSigningAgain({ block, certificate }: Decided): void {
    const { chain } = this.#parts
    const { height, timestampMs } = block.header
    const since = this.#lostSinceMs
    if (since === null || this.#unreadableSinceMs !== null) return
    if (timestampMs <= since + 2 * chain.parameters.clockPrecisionMs) return
    this.#lostSinceMs = null
    this.#tellsFromHeight = height
    const at = chain.setAt(height)
    const own = at && this.#identity && commitIn(certificate, at.set, this.#identity.address)
    if (own) {
      // Signed after this node's start, and not by this node.
      this.ownSeen(own, 'block')
      return
    }
    this.#tellsFromHeight = height + 1
    this.#runner?.feed({ type: 'signing-allowed', fromHeight: height + 1 })
  }

  /** Before it votes again it hears from the others how far they are; a validator that is a quorum alone asks nobody. */
  #woke(): void {
    const runner = this.#runner
    if (!runner || !this.#identity) return
    const { chain, telemetry, woke } = this.#parts
    const { set } = chain.nextSet
    const own = set.members.find(({ address }) => address === this.#identity?.address)?.power ?? 0n
    if (3n * own > 2n * set.totalPower) return
    telemetry.log(
      'info',
      'node',
      'this machine slept; nothing is signed until the peers have said how far they are',
    )
    woke()
    runner.feedFirst({ type: 'peer-ahead', height: chain.height + 1 })
  }

  #owned(): OwnedRecord {
    if (!this.#identity) throw new CodedError('no-signing-record')
    const { genesis, genesisHash } = this.#parts.chain
    const publicKeys = publicKeysOf(this.#identity)
    return { journal: this.#identity.journal, owner: { chainId: genesis.chainId, genesisHash, publicKeys } }
  }

  #sayWhenChanged(): void {
    const code = this.silence()?.code ?? null
    if (code === this.#said) return
    this.#said = code
    this.#parts.changed()
  }

  /** Restarts and transfers exclude each other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }
}

function silenceCode(code: string): 'storage-full' | 'storage-lost' | 'key-failed' {
  if (code === 'storage-full' || code === 'key-failed') return code
  return 'storage-lost'
}
