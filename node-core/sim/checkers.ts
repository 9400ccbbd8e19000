/** The promises, held to the letter at every step: agreement, validity, and that no honest replica can be accused. */
import type { Address, Hash, Height, Round } from '../protocol/ids.ts'
import type { ConsensusMessage } from '../protocol/messages.ts'
import { isAmnesia, isDoubleSign } from '../protocol/offence.ts'

export class Checkers {
  readonly #nowMs: () => number
  /** First that was broken; null: none yet. */
  violation: string | null = null
  readonly decided = new Map<Height, Hash>()
  /** Of honest replicas. */
  highestRound = 0
  /** Everything honest replicas sent, by sender and height: what a collector of all evidence would hold. */
  readonly #sent = new Map<Address, Map<Height, ConsensusMessage[]>>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  fail(why: string): void {
    this.violation ??= `${why}, at ${Math.round(this.#nowMs())} ms`
  }

  /** An honest replica adopted a block. */
  onDecided(height: Height, blockId: Hash, isValid: boolean): void {
    if (!isValid) this.fail(`an invalid block was decided at height ${height}`)
    const before = this.decided.get(height)
    if (before === undefined) this.decided.set(height, blockId)
    else if (before !== blockId) this.fail(`fork at height ${height}`)
  }

  onRound(round: Round, most: Round): void {
    if (round <= this.highestRound) return
    this.highestRound = round
    if (round > most) this.fail(`an honest replica went to round ${round}`)
  }

  /** A message that left an honest replica, against all that it said at that height. */
  onSent(message: ConsensusMessage): void {
    const { sender, height } = message
    const heights = this.#sent.get(sender) ?? new Map<Height, ConsensusMessage[]>()
    if (heights.size === 0) this.#sent.set(sender, heights)
    const said = heights.get(height)
    if (!said) {
      heights.set(height, [message])
      return
    }
    if (said.includes(message)) return
    for (const each of said) this.#compare(each, message)
    said.push(message)
  }

  #compare(a: ConsensusMessage, b: ConsensusMessage): void {
    if (isDoubleSign(a, b))
      this.fail(`honest replica accused: it signed ${b.type} twice at ${b.height}/${b.round}`)
    const [commit, roundChange] = a.type === 'commit' ? [a, b] : [b, a]
    if (commit.type === 'commit' && roundChange.type === 'round-change' && isAmnesia(commit, roundChange))
      this.fail(
        `honest replica accused: ROUND-CHANGE ${b.height}/${roundChange.round} forgets COMMIT in round ${commit.round}`,
      )
  }
}
