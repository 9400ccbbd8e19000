/**
 * A proposer's own transactions beside those of others that concern the same account. The order of a block is given by tips and
 * ids, so what is left to a proposer is what it offers and what it leaves out: done on purpose it shows in many of its blocks.
 */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects, percentOf } from './finding.ts'
import type { BlockFacts, Observation, ProposerSum, TransactionFacts } from './observation.ts'
import { FRONT_RUNNING_WINDOW_MS } from './windows.ts'

/** Of a proposer's blocks. */
export const FRONT_RUNNING_SHARE: Millionths = 100_000
/** Fewer such blocks are chance. */
export const FRONT_RUNNING_BLOCKS = 3
const HIGH_SHARE: Millionths = 300_000

/** One of its own, or of an account that it funded, stands next to one that names the same account, or the other's sender. */
export function standsBesideOwn({
  proposer,
  transactions,
}: Pick<BlockFacts, 'proposer' | 'transactions'>): boolean {
  return transactions.some((each, i) => {
    const next = transactions[i + 1]
    if (next === undefined || isOf(proposer, each) === isOf(proposer, next)) return false
    return isOf(proposer, each) ? isRelated(each, next) : isRelated(next, each)
  })
}

function isOf(proposer: Address, { sender, party }: TransactionFacts): boolean {
  return sender === proposer || party === proposer
}

function isRelated(own: TransactionFacts, other: TransactionFacts): boolean {
  return own.counterparties.some(
    (account) => account === other.sender || other.counterparties.includes(account),
  )
}

export function detectFrontRunning({ proposers }: Pick<Observation, 'proposers'>): Finding {
  const all = [...proposers]
    .filter(([, { besideOwnBlocks }]) => besideOwnBlocks >= FRONT_RUNNING_BLOCKS)
    .map(([proposer, sum]): Runner => ({ proposer, sum, share: shareOf(sum) }))
    .sort((a, b) => b.share - a.share || (a.proposer < b.proposer ? -1 : 1))
  const runners = all.filter(({ share }) => share > FRONT_RUNNING_SHARE)
  const [worst] = runners
  return {
    type: 'front-running',
    threat: worst === undefined ? null : worst.share > HIGH_SHARE ? 'high' : 'medium',
    windowMs: FRONT_RUNNING_WINDOW_MS,
    value: all[0]?.share ?? 0,
    threshold: FRONT_RUNNING_SHARE,
    unit: 'millionths',
    evidence: runners.slice(0, 3).map(({ sum, share }) => ({
      label: 'blocks with its own beside a related one',
      value: `${sum.besideOwnBlocks} of ${sum.blocks}, ${percentOf(share)}`,
    })),
    heights: namedHeights(runners.flatMap(({ sum }) => sum.besideOwn)),
    suspects: namedSuspects(runners.map(({ proposer }) => proposer)),
    response: 'none',
  }
}

interface Runner {
  readonly proposer: Address
  readonly sum: ProposerSum
  readonly share: Millionths
}

function shareOf({ blocks, besideOwnBlocks }: ProposerSum): Millionths {
  return blocks === 0 ? 0 : Math.floor((besideOwnBlocks * ONE_MILLION) / blocks)
}
