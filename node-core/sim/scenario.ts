/** What a run is made of. Both engines read the same description; all that it leaves open comes from the seed. */
import type { ConsensusParameters, GuardRecord } from '../consensus/replica-state.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Height, Round } from '../protocol/ids.ts'

/** How one validator misbehaves. Several may be combined; `twins` and `silent` stand alone. */
export interface Behaviour {
  /** Two unmodified replicas share the key; neither knows of the other. */
  readonly twins?: boolean
  readonly silent?: boolean
  /** Proposes one block to some and another to the others, and votes for both. */
  readonly equivocates?: boolean
  /** Votes for every proposal it sees, whatever it said before. */
  readonly votesForAll?: boolean
  /** What its ROUND-CHANGEs claim: nothing, an older prepared value (with its true proof), or each in turn. */
  readonly claims?: 'none' | 'stale' | 'mixed'
  /** As a proposer it shows the quorum of ROUND-CHANGEs that hides the most. */
  readonly hidesPrepared?: boolean
  /** Says ROUND-CHANGE for rounds far away. */
  readonly jumpsAhead?: boolean
  /** Says everything again for the round before and the round after. */
  readonly shiftsRounds?: boolean
  /** Sends old messages of anyone again, some with their proofs cut off. */
  readonly replays?: boolean
  /** Shows certificates and proofs with votes that nobody gave. */
  readonly forges?: boolean
  /** Leaves out receivers with this probability. */
  readonly leavesOut?: number
  readonly makesInvalid?: boolean
  readonly withholdsBodies?: boolean
}

export interface Faults {
  /** They end at this virtual time at the latest, ms; earlier when the heights asked for are nearly there. */
  readonly untilMs: number
  readonly loss: number
  readonly duplication: number
  /** Mean extra delay of a message, ms, exponential: messages overtake each other. */
  readonly delayMs: number
  /** Each lasts up to two fifths of the faults: halves, thirds, one way only, or single links. */
  readonly partitions: number
  readonly crashes: number
  /** How often all honest replicas crash at about the same time. */
  readonly everyoneCrashes: number
  /** Share of the crashes that tear the journal's last record. */
  readonly tornWrites: number
  /** How many journals are found damaged after a crash; only as long as the others are a quorum. */
  readonly lostRecords: number
  /** Share of the crashes after which one page of the stored state is damaged or gone. Of whole nodes only. */
  readonly damagedPages: number
  /** Wall clocks differ from true time by up to this, ms. */
  readonly skewMs: number
  /** Clocks run fast or slow by up to this share. */
  readonly drift: number
  /** Wall clocks that are set to another time, and by how much at most, ms. */
  readonly clockJumps: number
  readonly clockJumpMs: number
  /** Timers fire up to this late, ms. */
  readonly timerLatenessMs: number
  /** Share of the gossip that a whole node accepts and does not pass on. */
  readonly notPassedOn: number
}

/** A crash at exactly this write of a replica, counted from 1: the journal's records, or the stored blocks. */
export interface CrashAtWrite {
  readonly replica: number
  readonly disk: 'journal' | 'storage'
  readonly write: number
  readonly when: CrashMoment
}

export type CrashMoment = 'before' | 'torn' | 'after'

/** What happens at set times, beside what the seed brings. */
export interface Script {
  /** Nobody hears anybody. */
  readonly isolated?: { readonly fromMs: number; readonly untilMs: number }
  readonly sleeps?: readonly { readonly replica: number; readonly fromMs: number; readonly forMs: number }[]
  readonly crashesAtWrite?: readonly CrashAtWrite[]
  /** Every replica crashes once its COMMIT of this height is durable, before it leaves. */
  readonly everyoneCrashesAfterCommitOf?: Height
  /** What replicas had signed before the run begins. */
  readonly records?: ReadonlyMap<number, GuardRecord>
}

/** What a run decides of a chain's parameters. */
export type SimParameters = ConsensusParameters &
  Pick<ChainParameters, 'presenceWindowBlocks' | 'unavailableOffences' | 'slowOffences'>

export interface Scenario {
  readonly seed: number
  /** Voting power of the validators, by member index. */
  readonly powers: readonly number[]
  /** Nodes that count and do not vote. */
  readonly followers: number
  /** Heights that every honest replica must have decided at the end. */
  readonly heights: number
  /** How many of them are decided after the faults, at least. */
  readonly calmHeights: number
  readonly byzantine: ReadonlyMap<number, Behaviour>
  readonly faults: Faults
  readonly script: Script
  /** Share of heights at which a node has something to include. */
  readonly work: number
  readonly parameters: SimParameters
  /** Virtual ms in which the chain must get to its last height once the faults are over. */
  readonly boundMs: number
  /** No honest replica may go above this round. */
  readonly maxRound: Round
}

const CALM: Faults = {
  untilMs: 0,
  loss: 0,
  duplication: 0,
  delayMs: 0,
  partitions: 0,
  crashes: 0,
  everyoneCrashes: 0,
  tornWrites: 0,
  lostRecords: 0,
  damagedPages: 0,
  skewMs: 0,
  drift: 0,
  clockJumps: 0,
  clockJumpMs: 0,
  timerLatenessMs: 0,
  notPassedOn: 0,
}

const PARAMETERS: SimParameters = {
  blockTimeMs: 1_000,
  emptyIntervalMs: 2_000,
  roundTimeoutMs: 2_000,
  roundTimeoutCapMs: 120_000,
  clockPrecisionMs: 250,
  messageDelayMs: 400,
  presenceWindowBlocks: 20,
  unavailableOffences: 3,
  slowOffences: 5,
}

type Given = Partial<Omit<Scenario, 'faults' | 'parameters'>> & {
  readonly faults?: Partial<Faults>
  readonly parameters?: Partial<SimParameters>
}

/** A calm run of four equal validators, with these changes. */
export function scenario(given: Given): Scenario {
  return {
    seed: 1,
    powers: [1, 1, 1, 1],
    followers: 0,
    heights: 3,
    calmHeights: 3,
    byzantine: new Map(),
    script: {},
    work: 1,
    boundMs: 900_000,
    maxRound: Number.POSITIVE_INFINITY,
    ...given,
    faults: { ...CALM, ...given.faults },
    parameters: { ...PARAMETERS, ...given.parameters },
  }
}
