/** What a byzantine node says to each of the others in the place of what the real one in it would say. Its own key alone signs. */
import { distinctPower, isQuorum } from '../../consensus/quorum.ts'
import type { PreparedValue } from '../../consensus/replica-state.ts'
import { toHex } from '../../lib/bytes.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { encodeRepeatable } from '../../node/wire-protocols.ts'
import { encodeDecided } from '../../protocol/codec-block.ts'
import { encodeConsensusMessage } from '../../protocol/codec-messages.ts'
import { CERTIFICATE_ED25519_LIST } from '../../protocol/constants.ts'
import { blockId, messageSigningBytes, ZERO_HASH } from '../../protocol/hash.ts'
import type { Hash } from '../../protocol/ids.ts'
import type { ConsensusMessage, PrePrepare, Prepare, RoundChange, Unsigned } from '../../protocol/messages.ts'
import type { Random } from '../random.ts'
import type { Gossip, Said } from './gossip.ts'
import type { NodeWorld } from './node-world.ts'
import type { SimNode } from './sim-node.ts'
import { stubSignature } from './stub-crypto.ts'

const FAR_ROUNDS = 1_000_000
const KEPT_MESSAGES = 100

export class ByzantineVoice {
  readonly #world: NodeWorld
  readonly #node: SimNode
  readonly #heard: Said[] = []
  /** By block: whether all get one that is invalid in its place. */
  readonly #spoilt = new Map<Hash, boolean>()
  #counter = 0
  /** What was made of the message that is told just now, by its bytes without the counter: the same to all who hear it. */
  #made: { readonly of: Gossip; readonly sayings: Map<string, Said> } | null = null

  constructor(world: NodeWorld, node: SimNode) {
    this.#world = world
    this.#node = node
  }

  /** Drawn anew for each receiver. */
  says(gossip: Gossip): readonly Said[] {
    const { random } = this.#world
    const { silent, leavesOut = 0, replays, forges } = this.#node.behaviour!
    if (silent || random.chance(leavesOut)) return []
    const { message } = gossip
    const { live } = this.#node
    if (!message || !live) return [gossip]
    if (this.#made?.of !== gossip) this.#made = { of: gossip, sayings: new Map() }
    const sent: Said[] = this.#variants(message, live).map((each) =>
      each === message ? gossip : this.#encode(each),
    )
    const forged = forges && message.type === 'commit' && random.chance(0.5) ? forgery(live) : null
    if (forged) sent.push({ topic: 'decided', bytes: forged })
    if (replays) {
      if (this.#heard.length < KEPT_MESSAGES) this.#heard.push(gossip)
      else this.#heard[random.below(KEPT_MESSAGES)] = gossip
      if (random.chance(0.1)) sent.push(random.pick(this.#heard))
    }
    return sent
  }

  #variants(message: ConsensusMessage, live: LiveNode): ConsensusMessage[] {
    const { random } = this.#world
    const { shiftsRounds, equivocates, makesInvalid, claims, jumpsAhead, forges } = this.#node.behaviour!
    const sent = [message]
    const say = (each: Unsigned<ConsensusMessage>) => sent.push(this.#signed(each, live))
    if (shiftsRounds && random.chance(0.3))
      say({ ...message, round: Math.max(0, message.round + (random.chance(0.5) ? 1 : -1)) })
    if (message.type === 'round-change') {
      const claimed = claims ? claiming(random, live, message, claims) : message
      if (claimed !== message) sent[0] = this.#signed(claimed, live)
      if (forges && message.round > 0 && random.chance(0.2)) say(falselyPrepared(random, live, message))
      if (jumpsAhead)
        say({
          ...withClaim(message, null),
          round: message.round + 1 + random.below(random.chance(0.5) ? 3 : FAR_ROUNDS),
        })
    }
    if (message.type === 'pre-prepare' && makesInvalid && this.#isSpoilt(message)) {
      sent.length = 0
      say(invalid(message))
    } else if (message.type === 'pre-prepare' && equivocates && random.chance(0.5)) {
      sent.length = 0
      const other = makesInvalid && random.chance(0.5) ? invalid(message) : later(message)
      say(other)
      for (const type of ['prepare', 'commit'] as const)
        say({ type, height: other.height, round: other.round, sender: other.sender, blockId: other.blockId })
    }
    return sent
  }

  /** The same for all who hear it and however often: else nobody would hear one proposal alone, and it would be no quorum's. */
  #isSpoilt({ blockId: id }: PrePrepare): boolean {
    const known = this.#spoilt.get(id) ?? this.#world.random.chance(0.5)
    this.#spoilt.set(id, known)
    return known
  }

  #signed(message: Unsigned<ConsensusMessage>, { chain }: LiveNode): ConsensusMessage {
    const setHash = chain.setAt(message.height)?.hash ?? ZERO_HASH
    const bytes = messageSigningBytes(chain.genesis.chainId, setHash, message)
    const signature = stubSignature(this.#node.identity!.validatorKey.publicKey, bytes)
    return { ...message, signature } as ConsensusMessage
  }

  #encode(message: ConsensusMessage): Said {
    const payload = encodeConsensusMessage(message)
    const key = toHex(payload)
    const { sayings } = this.#made!
    const known = sayings.get(key)
    if (known) return known
    const bytes = encodeRepeatable(0x8000_0000 + this.#counter++, payload)
    const said: Said = { topic: 'consensus', bytes }
    sayings.set(key, said)
    return said
  }
}

/** Another block of the same place: valid, unless something in it depends on the time. */
function later(message: PrePrepare): PrePrepare {
  const header = { ...message.block.header, timestampMs: message.block.header.timestampMs + 1 }
  return { ...message, blockId: blockId(header), block: { ...message.block, header } }
}

/** A block whose state is not what its transactions make. */
function invalid(message: PrePrepare): PrePrepare {
  const header = { ...message.block.header, stateRoot: ZERO_HASH }
  return { ...message, blockId: blockId(header), block: { ...message.block, header } }
}

type Claim = Pick<PreparedValue, 'round' | 'blockId' | 'certificate'>

function withClaim(message: RoundChange, claim: Claim | null): RoundChange {
  const prepared = claim && { round: claim.round, blockId: claim.blockId }
  return { ...message, prepared, preparedCertificate: claim?.certificate ?? [] }
}

function claiming(
  random: Random,
  live: LiveNode,
  message: RoundChange,
  claims: 'none' | 'stale' | 'mixed',
): RoundChange {
  const kind = claims === 'mixed' ? random.pick(['none', 'stale', 'true'] as const) : claims
  if (kind === 'true') return message
  const proved = kind === 'stale' ? votedFor(live, message).filter((each) => isProved(live, each)) : []
  return withClaim(message, random.pick([null, ...proved]))
}

/** What it has votes for in earlier rounds, each value with all of them. */
function votedFor({ host }: LiveNode, { height, round: before }: RoundChange): Claim[] {
  const { rounds, height: now } = host.runner.state
  if (now !== height) return []
  return rounds
    .filter(({ round }) => round < before)
    .flatMap(({ round, prepares: { tallies, byMember } }) =>
      tallies.map(({ blockId: id }) => ({
        round,
        blockId: id,
        certificate: byMember.flatMap((each) => (each?.blockId === id ? [each] : [])),
      })),
    )
}

function isProved({ host }: LiveNode, { certificate }: Claim): boolean {
  const { committee } = host.runner.state
  return committee !== null && isQuorum(committee, distinctPower(committee, certificate) ?? 0n)
}

/** A claim whose proof is none: the true votes of less than a quorum, or votes of everybody that nobody signed. */
function falselyPrepared(random: Random, live: LiveNode, message: RoundChange): RoundChange {
  const voted = votedFor(live, message)
  if (voted.length === 0 || random.chance(0.5)) return withClaim(message, unsigned(live, message))
  const claim = random.pick(voted)
  let { certificate } = claim
  while (isProved(live, { ...claim, certificate })) certificate = certificate.slice(1)
  return withClaim(message, { ...claim, certificate })
}

function unsigned({ chain }: LiveNode, { height, round }: RoundChange): Claim {
  const prepared = { round: round - 1, blockId: ZERO_HASH }
  const signature = new Uint8Array(64)
  const certificate = chain.nextSet.set.members.map(
    ({ address: sender }): Prepare => ({ type: 'prepare', height, ...prepared, sender, signature }),
  )
  return { ...prepared, certificate }
}

/** A decision of another block than the one that is prepared, by everybody and signed by nobody. */
function forgery({ chain, host }: LiveNode): Uint8Array | null {
  const { prepared, height, round } = host.runner.state
  if (!prepared) return null
  const { header: before, ...rest } = prepared.block
  const header = { ...before, timestampMs: before.timestampMs + 1 }
  const { set, hash } = chain.nextSet
  const bitmap = new Uint8Array(Math.ceil(set.members.length / 8))
  for (let i = 0; i < set.members.length; i++) bitmap[i >> 3]! |= 1 << (i & 7)
  const certificate = {
    scheme: CERTIFICATE_ED25519_LIST,
    height,
    round,
    blockId: blockId(header),
    validatorsHash: hash,
    bitmap,
    signatures: set.members.map(() => new Uint8Array(64)),
  }
  return encodeDecided({ ...rest, header, certificate })
}
