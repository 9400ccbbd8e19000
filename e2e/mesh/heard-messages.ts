/** What validators heard each other sign, gathered from many of them over a whole run: none of them keeps it that long. */
import type { RoundMessageView } from '../../node-core/node/node-api.ts'
import type { DevNetwork } from './dev-network.ts'

export class HeardMessages {
  readonly #network: DevNetwork
  /** `height/round/type/validator` → all that was signed there. */
  readonly #contents = new Map<string, Set<string>>()
  /** Height → whose COMMIT was heard. */
  readonly #committed = new Map<number, Set<string>>()
  /** Newest height that each validator was asked about. */
  readonly #asked = new Map<number, number>()

  constructor(network: DevNetwork) {
    this.#network = network
  }

  /** What this validator has heard since it was last asked; with its process that is lost. */
  async askNews(validator: number): Promise<void> {
    // Of that height more may have come.
    await this.#ask(validator, this.#asked.get(validator) ?? 0)
  }

  /** All that this validator still has: what came late for an old height, too. */
  askAll(validator: number): Promise<void> {
    return this.#ask(validator, 0)
  }

  /** Places of which a message was heard. */
  get places(): number {
    return this.#contents.size
  }

  /** `height/round/type/validator` of those for which two different things were signed. */
  signedTwice(): string[] {
    return [...this.#contents].flatMap(([place, contents]) => (contents.size > 1 ? place : []))
  }

  /** How many validators' COMMITs were heard. */
  commitsAt(height: number): number {
    return this.#committed.get(height)?.size ?? 0
  }

  async #ask(validator: number, from: number): Promise<void> {
    const { oldestHeight, newestHeight } = await this.#network.call(
      'consensus_rounds',
      { limit: 1 },
      validator,
    )
    for (let height = Math.max(from, oldestHeight); height <= newestHeight; height++)
      await this.#askHeight(validator, height)
    this.#asked.set(validator, newestHeight)
  }

  async #askHeight(validator: number, height: number): Promise<void> {
    const ask = (round?: number) =>
      this.#network.call('consensus_rounds', { height, round, messages: true, limit: 1 }, validator)
    const shown = await ask()
    this.#take(height, shown.messages)
    const others = shown.consensus?.rounds.filter(({ round }) => round !== shown.consensus!.round) ?? []
    for (const { round } of others) this.#take(height, (await ask(round)).messages)
  }

  #take(height: number, messages: readonly RoundMessageView[] = []): void {
    for (const { type, round, validator, fields } of messages) {
      // Outside the order in which a validator may sign.
      if (type === 'reject') continue
      const content = JSON.stringify(type === 'round-change' ? fields.prepared : fields.blockId)
      addTo(this.#contents, `${height}/${round}/${type}/${validator}`, content)
      if (type === 'commit') addTo(this.#committed, height, validator)
    }
  }
}

function addTo<K>(sets: Map<K, Set<string>>, key: K, value: string): void {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set.add(value))
}
