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
  /** Millionths of the base fee that are burned. */
  readonly burnedFee: number | null
  /** Base units; 0: this chain has no faucet; null: not said. */
  readonly faucetDrip: bigint | null
  readonly faucetIntervalBlocks: number | null
  readonly transferGas: number | null
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
    burnedFee: number(raw.burnedFee),
    faucetDrip: amount(raw.faucetDrip),
    faucetIntervalBlocks: number(raw.faucetIntervalBlocks),
    transferGas: number(raw.transferGas),
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function amount(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null
}
