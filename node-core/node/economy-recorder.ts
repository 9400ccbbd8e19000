/** Notes the economy's figures at the end of each epoch that this node executes. Durable, bounded. */
import { giniOf, nakamotoOf } from '../economy/concentration.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Header } from '../protocol/block.ts'
import type { Address, Amount, Millionths, TimestampMs } from '../protocol/ids.ts'
import { epochKey } from '../state/keys.ts'
import { supplyOf, totalSupply } from '../state/ledger.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import type { Chain } from './chain.ts'
import { NOTED_EPOCHS, RATE_EPOCHS } from './constants.ts'
import {
  type Before,
  type EpochFigures,
  type EpochNote,
  earnersOf,
  lookBefore,
  paidRewards,
  rateOf,
  ratesOf,
} from './epoch-note.ts'
import { epochNoteWrite, loadEpochNotes } from './repositories.ts'

export interface EarnedPoint {
  readonly epoch: number
  readonly atMs: TimestampMs
  readonly earned: Amount
  readonly stake: Amount
}

export class EconomyRecorder {
  readonly #chain: Chain
  readonly #storage: Storage
  readonly #telemetry: Telemetry
  /** Oldest first. */
  #notes: EpochNote[] = []
  /** null: the block before the epoch's last was not executed here. */
  #before: Before | null = null

  constructor(options: { chain: Chain; storage: Storage; telemetry: Telemetry }) {
    this.#chain = options.chain
    this.#storage = options.storage
    this.#telemetry = options.telemetry
  }

  async open(): Promise<void> {
    const { height, headHeader, parameters } = this.#chain
    const stored = await loadEpochNotes(this.#storage, NOTED_EPOCHS)
    // An epoch whose last block did not reach the disk ends once more.
    this.#notes = stored
      .flatMap((json) => decode(json) ?? [])
      .filter(({ figures }) => figures.height <= height)
    if (headHeader && endsNext(headHeader, parameters.epochBlocks))
      this.#before = lookBefore(this.#chain.state)
    this.#chain.onState((header) => this.#executed(header))
  }

  /** Oldest first. */
  figures(limit: number): readonly EpochFigures[] {
    return this.#notes.slice(-limit).map(({ figures }) => figures)
  }

  /** Oldest first, without a gap up to the newest. */
  earnedBy(address: Address): readonly EarnedPoint[] {
    const points: EarnedPoint[] = []
    for (const { figures, earners } of this.#notes.toReversed()) {
      const earner = earners.find((each) => each.address === address)
      const isNext = points.length === 0 || points.at(-1)!.epoch === figures.epoch + 1
      if (!earner || !isNext) break
      const { epoch, atMs } = figures
      points.push({ epoch, atMs, earned: earner.earned, stake: earner.stake })
    }
    return points.reverse()
  }

  /** Millionths a year on the stake of this account; null: nothing to tell it from. */
  rateOfAccount(address: Address): Millionths | null {
    return rateOf(this.earnedBy(address).slice(-RATE_EPOCHS - 1))
  }

  /** The same on what is delegated to this validator. */
  rateOfValidator(address: Address): Millionths | null {
    const rates = this.#notes
      .slice(-RATE_EPOCHS)
      .flatMap((note) => note.rates.find((each) => each.address === address)?.rate ?? [])
    return rates.length === 0 ? null : Math.floor(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)
  }

  #executed(header: Header): void {
    const { epochBlocks } = this.#chain.parameters
    if (endsNext(header, epochBlocks)) this.#before = lookBefore(this.#chain.state)
    if (header.height % epochBlocks !== 0) return
    if (this.#before) this.#note(header, this.#before)
    this.#before = null
  }

  #note(header: Header, before: Before): void {
    const { state, parameters, genesis } = this.#chain
    const { height, timestampMs: atMs, baseFeePerGas } = header
    const epoch = epochOf(height, parameters)
    const last = this.#notes.at(-1)
    const isNext = epoch === 0 || last?.figures.epoch === epoch - 1
    const beganMs = epoch === 0 ? genesis.timestampMs : (state.get(epochKey(epoch - 1))?.endedAtMs ?? atMs)
    const supply = supplyOf(state)
    const powers = validatorSetOf(state, epoch).members.map(({ power }) => power)
    const note: EpochNote = {
      figures: {
        epoch,
        height,
        atMs,
        supply: String(totalSupply(supply)),
        bonded: String(supply.bonded),
        minted: String(supply.minted),
        burned: String(supply.burned),
        rewards: String(paidRewards(before, state)),
        baseFeePerGas: String(baseFeePerGas),
        nakamoto: nakamotoOf(powers),
        gini: giniOf(powers),
      },
      rates: ratesOf(state, before, atMs - beganMs),
      earners: earnersOf(state, before, isNext ? (last?.earners ?? []) : null),
    }
    this.#notes.push(note)
    const forgotten = this.#notes.length > NOTED_EPOCHS ? this.#notes.shift() : undefined
    this.#storage
      .commit([
        epochNoteWrite(epoch, encode(note)),
        ...(forgotten ? [epochNoteWrite(forgotten.figures.epoch, null)] : []),
      ])
      .catch((error: unknown) => {
        this.#telemetry.log('warn', 'storage', `the end of epoch ${epoch} was not noted: ${String(error)}`)
      })
  }
}

function endsNext({ height }: Header, epochBlocks: number): boolean {
  return (height + 1) % epochBlocks === 0
}

/** Amounts as text. */
function encode({ figures, rates, earners }: EpochNote): string {
  const rows = earners.map(({ address, earned, stake }) => [address, String(earned), String(stake)])
  return JSON.stringify({ figures, rates, earners: rows })
}

/** null: not what `encode` writes. */
function decode(json: string): EpochNote | null {
  try {
    const { figures, rates, earners } = JSON.parse(json) as Pick<EpochNote, 'figures' | 'rates'> & {
      readonly earners: readonly (readonly [Address, string, string])[]
    }
    return {
      figures,
      rates,
      earners: earners.map(([address, earned, stake]) => ({
        address,
        earned: BigInt(earned),
        stake: BigInt(stake),
      })),
    }
  } catch {
    return null
  }
}
