/** For tests and benchmarks: a store that holds a long chain with real signatures, made without consensus. */
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { createVerifier } from '../adapters/verifier.ts'
import { checkBlock } from '../execution/apply-block.ts'
import { proposeBlock } from '../execution/propose-block.ts'
import { assert } from '../lib/assert.ts'
import { equalBytes } from '../lib/bytes.ts'
import type { Header } from '../protocol/block.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import { blockId, messageSigningBytes, randomnessOf } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Commit } from '../protocol/messages.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import { Chain } from './chain.ts'
import { CHECKPOINT_EPOCHS } from './constants.ts'
import type { Person, TestCluster } from './test-cluster.ts'
import { TransactionVerifier } from './transaction-verifier.ts'

export interface HistoryOptions {
  readonly blocks: number
  /** An old store to go on with. */
  readonly disk?: MemoryDisk
  /** Bodies that the store keeps; all where it is left out. */
  readonly keptBlocks?: number
  readonly checkpointEpochs?: number
  /** Of the next block; the block is empty where it is left out. */
  readonly transactions?: (height: Height) => Promise<readonly VerifiedTransaction[]>
  /** Validators as they are after a change of keys. */
  readonly rotated?: readonly Person[]
  /** What the validators sign in the place of an honest header. */
  readonly falsify?: (header: Header) => Header
}

/** Every validator of the cluster signs every block. */
export async function writeHistory(cluster: TestCluster, options: HistoryOptions): Promise<MemoryDisk> {
  const disk = options.disk ?? new MemoryDisk()
  const opened = await Chain.open(cluster.genesis, disk.open(), {
    keptBlocks: options.keptBlocks ?? null,
    checkpointEpochs: options.checkpointEpochs ?? CHECKPOINT_EPOCHS,
  })
  assert(opened.ok, 'a history is written to an empty store or one of its own')
  const { chain } = opened
  const signers = [...cluster.validators, ...(options.rotated ?? [])]
  const written: Promise<unknown>[] = []
  for (let i = 0; i < options.blocks; i++) {
    const candidates = (await options.transactions?.(chain.height + 1)) ?? []
    const { durable } = await addBlock(chain, signers, candidates, options.falsify)
    durable.catch(() => undefined)
    written.push(durable)
  }
  await Promise.all(written)
  return disk
}

/** A transfer of each person in every block of a new chain, to the next person. */
export function transfersOf(
  cluster: TestCluster,
  people: readonly Person[],
): (height: Height) => Promise<VerifiedTransaction[]> {
  const { chainId, parameters } = cluster.genesis
  const verifier = new TransactionVerifier(createVerifier(), chainId, parameters.maximumTransactionBytes)
  return (height) =>
    Promise.all(
      people.map(async (each, n) => {
        const to = people[(n + 1) % people.length]!.address
        const bytes = await cluster.sign(each, { type: 'transfer', to, amount: 1n }, height - 1)
        const verdict = await verifier.judgeBytes(bytes)
        assert(verdict.ok, 'a signed transfer is valid')
        return verdict.verified
      }),
    )
}

/** Resolves when the block is adopted, with the promise of its being durable. */
async function addBlock(
  chain: Chain,
  validators: readonly Person[],
  candidates: readonly VerifiedTransaction[],
  falsify: (header: Header) => Header = (header) => header,
): Promise<{ readonly durable: Promise<boolean> }> {
  const { nextSet, parent, state, head } = chain
  const parentCertificate = head?.certificate ?? null
  const reveal = new Uint8Array(80).fill(chain.height)
  const proposal = proposeBlock(state, parent, {
    proposer: nextSet.schedule.proposerAt(chain.height + 1, 0),
    timestampMs: 0,
    randomnessReveal: reveal,
    randomness: randomnessOf(reveal.subarray(0, 64)),
    candidates,
    evidence: [],
    parentCertificate,
    maxBytes: 1_000_000,
  })
  const { transactions } = proposal
  const outside = { randomnessValid: true, parentCertificateValid: true }
  const checked = checkBlock(state, parent, { ...proposal, evidence: [], parentCertificate }, outside)
  assert(checked.ok, 'a proposed block is valid')
  const header = falsify(proposal.header)
  const certificate = await certify(chain, validators, blockId(header))
  const block = {
    header,
    body: { transactions: transactions.map((each) => each.transaction), evidence: [], parentCertificate },
  }
  const observation = { decisionMs: null, ownCommit: null, signedPower: 1_000_000 }
  return { durable: chain.adopt(block, certificate, checked.outcome, observation) }
}

async function certify(chain: Chain, validators: readonly Person[], id: Hash) {
  const { set, hash } = chain.nextSet
  const members = validators.filter(({ validatorKey }) =>
    set.members.some((member) => equalBytes(member.validatorKey, validatorKey.publicKey)),
  )
  const commits = await Promise.all(
    members.map(async (member): Promise<Commit> => {
      const unsigned = {
        type: 'commit' as const,
        height: chain.height + 1,
        round: 0,
        blockId: id,
        sender: member.address,
        signature: new Uint8Array(64),
      }
      const bytes = messageSigningBytes(chain.genesis.chainId, hash, unsigned)
      return { ...unsigned, signature: await member.validatorKey.sign(bytes) }
    }),
  )
  return certificateFromCommits(set, commits)
}
