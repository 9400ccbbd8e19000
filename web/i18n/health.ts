/** The sentence a page opens with: is it well, and why. */
import type { ApiError, ConsensusView, NodeStatus, Stall, SyncView } from '../../node-core/node/node-api.ts'
import { QUORUM_MILLIONTHS, type RangeStats, silentVotes } from '../store/derive.ts'
import { capital, countWord, integer, nameList, percent, secondsWords } from './format.ts'
import { damageWords, notableSync, syncLine, syncShort } from './sync.ts'
import { errorWords, stallWords } from './words.ts'

export interface HealthFacts {
  readonly status: NodeStatus | null
  readonly consensus: ConsensusView | null
  readonly headHeight: number | null
  readonly stats: RangeStats
  /** Code of a failed first read. */
  readonly failed: string | null
  /** The past blocks could not be read. */
  readonly blocksError: ApiError | null
}

export interface Health {
  readonly tone: 'normal' | 'warn' | 'bad'
  readonly sentence: string
  /** One or two sentences of reason; null when there is none to give. */
  readonly why: string | null
  /** Who the reason is about: the words it begins with, and where they lead. */
  readonly subject?: { readonly words: string; readonly to: string }
  /** In a few words, for the status bar and the tab's title; null when well. */
  readonly short: string | null
}

export function healthOf(facts: HealthFacts): Health {
  const { status, stats } = facts
  if (status === null) return starting(facts.failed)
  const sync = notableSync(status.sync)
  if (sync !== null && status.stall?.code !== 'halted') return catchingUp(sync)
  if (status.stall !== null) return stalled(status.stall, facts)
  if (facts.blocksError !== null)
    return {
      tone: 'bad',
      sentence: 'This node does not tell its blocks.',
      why: `${errorWords(facts.blocksError)}. What it says by itself is still shown.`,
      short: 'blocks not read',
    }
  if (facts.headHeight === null) return noBlock(status)
  const final =
    stats.finalityP50Ms === null ? null : `Blocks are final in ${secondsWords(stats.finalityP50Ms)}`
  const silent = silentVotes(facts.consensus)
  return {
    tone: 'normal',
    sentence:
      status.mode === 'observer'
        ? 'Healthy. Certificates arrive, and they hold.'
        : healthySentence(final, facts.consensus),
    why: silentWhy(facts.consensus),
    ...(silent.length === 0
      ? {}
      : { subject: { words: nameList(silent.map((vote) => vote.name)), to: '/validators' } }),
    short: null,
  }
}

function starting(failed: string | null): Health {
  if (failed !== null)
    return {
      tone: 'bad',
      sentence: 'This tab cannot reach its node.',
      why: `The first question was refused (${failed}).`,
      short: 'no node',
    }
  return { tone: 'normal', sentence: 'Reading what this node knows.', why: null, short: null }
}

function catchingUp(sync: SyncView): Health {
  return {
    tone: sync.damage === null ? 'warn' : 'bad',
    sentence: `Catching up. ${syncLine(sync)}.`,
    why:
      sync.damage === null
        ? 'Each certificate and each part of the state is checked here. This node signs nothing until it is done.'
        : damageWords(sync.damage),
    short: syncShort(sync),
  }
}

function noBlock(status: NodeStatus): Health {
  const peers = status.peers.direct + status.peers.relayed
  return {
    tone: 'normal',
    sentence: 'The chain has no block yet.',
    why: `${capital(countWord(peers))} ${peers === 1 ? 'peer is' : 'peers are'} connected; the first block is decided when two thirds of the power agree.`,
    short: 'no block yet',
  }
}

function healthySentence(final: string | null, consensus: ConsensusView | null): string {
  const count = consensus?.votes.length ?? 0
  const silent = silentVotes(consensus).length
  const who =
    count === 0
      ? null
      : silent === 0
        ? `all ${countWord(count)} validators are signing`
        : `${countWord(count - silent)} of ${countWord(count)} validators are signing`
  if (final !== null && who !== null) return `Healthy. ${final}, and ${who}.`
  if (who !== null) return `Healthy. ${capital(who)}.`
  return final === null ? 'Healthy. Blocks arrive and are verified.' : `Healthy. ${final}.`
}

/** Who is silent, and that it does not matter yet. */
function silentWhy(consensus: ConsensusView | null): string | null {
  const silent = silentVotes(consensus)
  if (consensus === null) return null
  const needs = `a block needs ${percent(consensus.quorumPower || QUORUM_MILLIONTHS)}.`
  if (silent.length === 0) return `All of the power is heard; ${needs}`
  const since = silent[0]!.silentSinceHeight!
  const heard = 1_000_000 - silent.reduce((sum, vote) => sum + vote.power, 0)
  const others = countWord(consensus.votes.length - silent.length)
  const has = silent.length === 1 ? 'has' : 'have'
  return `${nameList(silent.map((vote) => vote.name))} ${has} been silent since ${integer(since)}. The other ${others} hold ${percent(heard)} of the power; ${needs}`
}

function stalled(stall: Stall, { consensus, status, headHeight }: HealthFacts): Health {
  const short = stallWords(stall)
  switch (stall.code) {
    case 'no-quorum': {
      const names = stall.silent.map((address) => nameOf(consensus, address))
      const who = names.length === 0 ? 'The rest' : nameList(names, 3)
      return {
        tone: 'bad',
        sentence: `Stalled. Only ${percent(stall.heardPower)} of the power is heard, and a block needs ${percent(QUORUM_MILLIONTHS)}.`,
        why: `${who} ${names.length === 1 ? 'is' : 'are'} silent. Nothing is lost: the next block follows as soon as enough of them are back.`,
        short: `stalled, ${percent(stall.heardPower)} heard`,
      }
    }
    case 'rounds-failing':
      return {
        tone: 'warn',
        sentence: `Slow. The block after ${integer(headHeight ?? 0)} is in its round ${stall.round}.`,
        why: 'Proposals do not reach enough validators in time; each round waits longer than the one before.',
        short,
      }
    case 'catching-up':
      return {
        tone: 'warn',
        sentence: `Catching up. ${integer(stall.remainingBlocks)} blocks are still to be verified.`,
        why: 'Each one’s certificate is checked here. This node signs nothing until it is done.',
        short,
      }
    case 'no-relay':
      return {
        tone: 'warn',
        sentence: 'No relay is reachable.',
        why: 'Peers already connected stay; new ones cannot be found until a relay answers.',
        short,
      }
    case 'no-peers':
      return {
        tone: 'bad',
        sentence: 'No peer is reachable.',
        why: 'Everything read before stays readable. This node keeps trying by itself.',
        short,
      }
    case 'no-new-block':
      return {
        tone: 'warn',
        sentence: `No block after ${integer(headHeight ?? 0)} has come.`,
        why: 'An observer hears no votes, so it cannot tell whether the chain stands still or its peers hold the head back.',
        short,
      }
    case 'halted':
      return {
        tone: 'bad',
        sentence: 'This node has stopped itself.',
        why:
          status?.storage.trouble?.code === 'storage-lost'
            ? 'Its storage cannot be reached any more: the browser may have cleared it. The Node page says what to do.'
            : `${capital((status?.haltedBecause ?? stall.reason).replaceAll('-', ' '))}. It signs nothing more until a person has looked.`,
        short,
      }
  }
}

function nameOf(consensus: ConsensusView | null, address: string): string {
  return consensus?.votes.find((vote) => vote.validator === address)?.name ?? address.slice(0, 8)
}
