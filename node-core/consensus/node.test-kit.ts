/** One replica of the network of tests with what is around it: clock, disk, block store, crashes. */
import type { Hash, Height } from '../protocol/ids.ts'
import { type CompactBlock, markVerified, type VerifiedMessage } from '../protocol/messages.ts'
import { compactBlock, GENESIS_ID, GENESIS_MS, member, PARAMETERS } from './builders.test-kit.ts'
import type { Effect } from './effect.ts'
import { decodeGuardRecord, encodeGuardRecord, recordAfter } from './guard-record.ts'
import type { Input } from './input.ts'
import type { DecidedBlock, Envelope, TestNetwork } from './network.test-kit.ts'
import { createReplica, type GuardRecord, type ReplicaState } from './replica-state.ts'
import { step } from './step.ts'

const SIGN_MS = 2
const WRITE_MS = 3
const CHECK_MS = 4
const FETCH_RETRY_MS = 250
const SYNC_BLOCKS = 8
const SIGNATURE = new Uint8Array(64)

export class TestNode {
  readonly index: number
  readonly #network: TestNetwork
  readonly #skewMs: number
  /** null: crashed. */
  state: ReplicaState | null = null
  /** Durable: decided blocks, the guard's record, the body of what it holds as prepared. */
  readonly chain: DecidedBlock[] = []
  record: GuardRecord | null = null
  #durableBody: Hash | null = null
  #bodies = new Set<Hash>()
  #life = 0
  #signerFreeAt = 0
  #crashForMs: number | null = null

  constructor(network: TestNetwork, index: number, skewMs: number) {
    this.#network = network
    this.index = index
    this.#skewMs = skewMs
  }

  get place(): string {
    return this.state ? `${this.state.height}/${this.state.round}` : 'down'
  }

  start() {
    this.#life++
    this.#crashForMs = null
    this.#signerFreeAt = 0
    const keeps = this.#durableBody !== null && !this.#network.options.forgetsBodies
    this.#bodies = new Set(keeps && this.#durableBody ? [this.#durableBody] : [])
    this.state = createReplica({
      self: member(this.index),
      chainId: 'test',
      parameters: PARAMETERS,
      restored: this.#readBack(),
      signFromHeight: null,
    })
    this.#startHeight()
  }

  #readBack(): GuardRecord | null {
    if (!this.record) return null
    const decoded = decodeGuardRecord(encodeGuardRecord(this.record))
    if (!decoded.ok) {
      this.#network.fail(`a guard record cannot be read back: ${decoded.detail}`)
      return null
    }
    return decoded.value
  }

  /** At the next signature: before it is durable, or after that and before it leaves. */
  crashSoon(forMs: number) {
    if (this.state) this.#crashForMs = forMs
  }

  /** At once. */
  sleep(forMs: number) {
    if (!this.state) return
    this.#crashForMs = forMs
    this.#crash()
  }

  recover() {
    this.#crashForMs = null
    if (!this.state) this.start()
  }

  #crash() {
    const forMs = this.#crashForMs ?? 0
    this.#crashForMs = null
    this.state = null
    this.#life++
    this.#network.crashes++
    const life = this.#life
    this.#network.after(forMs, () => {
      if (this.#life === life && !this.state) this.start()
    })
  }

  /** Runs `work` later unless the node has crashed by then. */
  #later(delayMs: number, work: () => void) {
    const life = this.#life
    this.#network.after(delayMs, () => {
      if (this.#life === life && this.state) work()
    })
  }

  #startHeight() {
    const parent = this.chain.at(-1)
    const { random, options, set } = this.#network
    this.feed({
      type: 'height-started',
      height: this.chain.length + 1,
      parentId: parent?.blockId ?? GENESIS_ID,
      parentTimeMs: parent?.block.header.timestampMs ?? GENESIS_MS,
      validators: set,
      pendingSetChange: false,
      hasWork: random.chance(options.work ?? 1),
    })
  }

  feed(input: Input) {
    if (!this.state) return
    const { now } = this.#network
    const at = { wallMs: Math.round(GENESIS_MS + now + this.#skewMs), monotonicMs: now }
    const life = this.#life
    const stepped = step(this.state, { at, input })
    this.state = stepped.state
    this.#network.highestRound = Math.max(this.#network.highestRound, stepped.state.round)
    for (const effect of stepped.effects) if (this.#life === life) this.#carryOut(effect)
  }

  receive(envelope: Envelope) {
    if (!this.state) return
    switch (envelope.kind) {
      case 'message': {
        const { message } = envelope
        if (message.type === 'pre-prepare' && envelope.hasBody) this.#bodies.add(message.blockId)
        return this.feed({ type: 'message-received', message })
      }
      case 'decided':
        return this.#receiveDecided(envelope.height, envelope.decided)
      case 'request':
        return this.#serve(envelope.fromHeight, envelope.asker)
    }
  }

  #receiveDecided(height: Height, decided: DecidedBlock) {
    if (height > this.chain.length + 1)
      return this.feed({ type: 'peer-ahead', height: this.chain.length + 1 })
    if (height !== this.chain.length + 1) return
    this.#bodies.add(decided.blockId)
    this.feed({
      type: 'block-checked',
      blockId: decided.blockId,
      result: { verdict: 'valid' },
      block: decided.block,
    })
    this.feed({ type: 'certificate-received', certificate: decided.certificate })
  }

  #serve(fromHeight: Height, asker: number) {
    if (this.#network.modeOf(this.index)?.silent) return
    for (let height = fromHeight; height < fromHeight + SYNC_BLOCKS; height++)
      this.#sendDecided(height, asker)
  }

  #sendDecided(height: Height, to: number) {
    const decided = this.chain[height - 1]
    if (decided) this.#network.post(this.index, to, { kind: 'decided', height, decided })
  }

  #carryOut(effect: Effect) {
    const network = this.#network
    switch (effect.type) {
      case 'sign-and-persist':
        return this.#sign(effect.order)
      case 'sign-reject':
        return network.broadcast(this.index, markVerified({ ...effect.message, signature: SIGNATURE }))
      case 'broadcast':
        return network.broadcast(this.index, effect.message)
      case 'build-block':
        return this.#later(CHECK_MS, () => this.#build(effect))
      case 'check-block':
        return this.#check(effect.blockId, null)
      case 'fetch-block':
        return this.#check(effect.blockId, network.blocks.get(effect.blockId) ?? null)
      case 'decide':
        return this.#later(WRITE_MS, () => this.#persistDecision(effect))
      case 'send-decided':
        return this.#sendDecided(
          effect.height,
          network.set.members.findIndex((each) => each.address === effect.to),
        )
      case 'request-decided':
        return network.nodes.forEach(({ index }) => {
          if (index !== this.index)
            network.post(this.index, index, {
              kind: 'request',
              fromHeight: effect.fromHeight,
              asker: this.index,
            })
        })
      case 'set-wake':
        return this.#setWake(effect.atMonotonicMs)
      case 'evidence-found':
        return network.accused(this.index, effect.first)
      case 'halt':
        return network.fail(`replica ${this.index} halted`)
      case 'note':
        return
    }
  }

  /** One after another; the record is durable before the answer, and a crash may fall on either side of that. */
  #sign(order: Extract<Effect, { type: 'sign-and-persist' }>['order']) {
    const { now, random } = this.#network
    this.#signerFreeAt = Math.max(now, this.#signerFreeAt) + SIGN_MS + WRITE_MS
    this.#later(this.#signerFreeAt - now, () => {
      const crashes = this.#crashForMs !== null
      if (crashes && random.chance(0.5)) return this.#crash()
      const signed = { ...order.message, signature: SIGNATURE } as VerifiedMessage<
        typeof order.message & { signature: Uint8Array }
      >
      this.record = recordAfter(this.record, order, signed)
      this.#durableBody = this.record.prepared?.blockId ?? null
      if (crashes) return this.#crash()
      if (this.#isScriptedCrash(order.message)) return this.sleep(1_000)
      this.feed({ type: 'own-message-persisted', message: signed })
    })
  }

  #isScriptedCrash({ type, height }: { readonly type: string; readonly height: Height }): boolean {
    const isDue = this.#life === 1 && type === 'commit'
    return isDue && height === this.#network.options.everyoneCrashesAfterCommitOf
  }

  #build({ height, round, notBeforeMs }: Extract<Effect, { type: 'build-block' }>) {
    const network = this.#network
    const parent = this.chain[height - 2]
    if (!this.state || this.chain.length + 1 !== height) return
    const wallMs = Math.round(GENESIS_MS + network.now + this.#skewMs)
    const block = compactBlock({
      height,
      proposer: member(this.index),
      parentId: parent?.blockId ?? GENESIS_ID,
      timestampMs: Math.max(wallMs, notBeforeMs),
      empty: !this.state.hasWork,
    })
    const blockId = network.newBlockId()
    network.blocks.set(blockId, block)
    if (network.modeOf(this.index)?.makesInvalid && network.random.chance(0.5)) network.invalid.add(blockId)
    this.#bodies.add(blockId)
    this.feed({ type: 'block-built', height, round, block, blockId })
  }

  /** Checks once the body is here; asks whoever is up for it until then. */
  #check(blockId: Hash, fetched: CompactBlock | null) {
    const network = this.#network
    const height = this.chain.length + 1
    this.#later(CHECK_MS, () => {
      if (this.chain.length + 1 !== height) return
      const source = network.nodes.find((node) => node.servesBody(blockId))
      if (!this.#bodies.has(blockId) && !source) {
        this.#later(FETCH_RETRY_MS, () => this.#check(blockId, fetched))
        return
      }
      this.#bodies.add(blockId)
      const invalid = network.invalid.has(blockId) && !network.modeOf(this.index)
      const result = invalid
        ? ({ verdict: 'invalid', code: 'bad-state-root' } as const)
        : ({ verdict: 'valid' } as const)
      this.feed({ type: 'block-checked', blockId, result, ...(fetched ? { block: fetched } : {}) })
    })
  }

  /** Beside a proposal, as far as this node has the body and gives it. */
  sendsBodyOf(message: VerifiedMessage): boolean {
    if (message.type !== 'pre-prepare' || this.#network.modeOf(this.index)?.withholdsBodies) return false
    return this.#bodies.has(message.blockId) || this.#network.modeOf(this.index) !== null
  }

  servesBody(blockId: Hash): boolean {
    return (
      this.state !== null && !this.#network.modeOf(this.index)?.withholdsBodies && this.#bodies.has(blockId)
    )
  }

  #persistDecision({ height, blockId, certificate }: Extract<Effect, { type: 'decide' }>) {
    const network = this.#network
    if (height !== this.chain.length + 1) return
    if (this.#crashForMs !== null && network.random.chance(0.5)) return this.#crash()
    const decided: DecidedBlock = { blockId, block: network.blocks.get(blockId)!, certificate }
    this.chain.push(decided)
    network.decidedBy(this.index, height, blockId)
    if (!network.modeOf(this.index)?.silent)
      for (const { index } of network.nodes) if (index !== this.index) this.#sendDecided(height, index)
    this.#startHeight()
  }

  #setWake(atMs: number | null) {
    if (atMs === null) return
    const { now, random, options } = this.#network
    const lateMs = random.next() * (options.timerLatenessMs ?? 0)
    this.#later(Math.max(0, atMs - now) + lateMs, () => {
      if (this.state?.wakeAtMs === atMs) this.feed({ type: 'clock-advanced' })
    })
  }
}
