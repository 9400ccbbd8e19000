/** The chain's parameters as the pages use them, read defensively from the node's JSON. */

export interface ParametersView {
  readonly blockTimeMs: number | null
  readonly epochBlocks: number | null
  /** Base units. */
  readonly minimumSelfStake: bigint | null
  /** Millionths. */
  readonly minimumCommission: number
  readonly maximumCommission: number
  readonly unbondingMs: number | null
  /** Base units. */
  readonly minimumDelegation: bigint | null
  readonly maximumDelegators: number | null
  /** Operations on stake that one account may make within `stakeWindowMs`. */
  readonly stakeOperationsPerWindow: number | null
  readonly stakeWindowMs: number | null
  readonly slashes: SlashesView
  /** Millionths of what is slashed that go to who sent the evidence. */
  readonly reporterShare: number | null
  /** Members vote on who enters. */
  readonly admitsByVote: boolean
  /** Millionths of the base fee that are burned. */
  readonly burnedFee: number | null
  /** Base units; 0: this chain has no faucet; null: not said. */
  readonly faucetDrip: bigint | null
  readonly faucetIntervalBlocks: number | null
  readonly transferGas: number | null
  /** Saved by each operation of a batch after the first. */
  readonly batchSavingGas: number | null
}

/** Millionths of the stake that an offence costs; `…Offences`: the one that is punished first. null: not said. */
export interface SlashesView {
  readonly doubleSign: number | null
  readonly invalidBlock: number | null
  readonly unavailable: number | null
  readonly unavailableOffences: number | null
  readonly slow: number | null
  readonly slowOffences: number | null
}

const ALL = 1_000_000

export function readParameters(raw: Readonly<Record<string, unknown>>): ParametersView {
  return {
    blockTimeMs: number(raw.blockTimeMs),
    epochBlocks: number(raw.epochBlocks),
    minimumSelfStake: amount(raw.minimumSelfStake),
    minimumCommission: number(raw.minimumCommission) ?? 0,
    maximumCommission: number(raw.maximumCommission) ?? ALL,
    unbondingMs: number(raw.unbondingMs),
    minimumDelegation: amount(raw.minimumDelegation),
    maximumDelegators: number(raw.maximumDelegators),
    stakeOperationsPerWindow: number(raw.stakeOperationsPerWindow),
    stakeWindowMs: number(raw.stakeWindowMs),
    slashes: {
      doubleSign: number(raw.doubleSignSlash),
      invalidBlock: number(raw.invalidBlockSlash),
      unavailable: number(raw.unavailableSlash),
      unavailableOffences: number(raw.unavailableOffences),
      slow: number(raw.slowSlash),
      slowOffences: number(raw.slowOffences),
    },
    reporterShare: number(raw.reporterShare),
    admitsByVote: raw.admission === 'authority',
    burnedFee: number(raw.burnedFee),
    faucetDrip: amount(raw.faucetDrip),
    faucetIntervalBlocks: number(raw.faucetIntervalBlocks),
    transferGas: number(raw.transferGas),
    batchSavingGas: number(raw.batchSavingGas),
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function amount(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null
}
