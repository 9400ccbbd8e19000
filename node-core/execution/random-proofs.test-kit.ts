/** Evidence at random against random members: most of it holds, some accuses nobody, some comes too late or twice. */
import { fromHex } from '../lib/bytes.ts'
import type { EvidenceProof } from '../protocol/evidence-proof.ts'
import type { Address, Height } from '../protocol/ids.ts'
import type { Random } from '../sim/random.ts'
import { epochKey, type StateKey, validatorKey } from '../state/keys.ts'
import type { EpochRecord, KeyOwner } from '../state/records.ts'
import { allValidators, epochOf, loadValidatorSet } from '../state/validator-sets.ts'
import { contradiction, invalidBlock, roundChangeBy, voteBy } from './evidence.test-kit.ts'
import { addressNumber, type TestChain } from './test-chain.ts'

/** Whoever contradicts itself is out for good: the chain is to go on. */
const MOST_REMOVED = 4
/** Of two that are left, nobody is accused. */
const FEWEST_MEMBERS = 3
/** Blocks back from the head. */
const OLDEST = 12

interface Accused {
  readonly n: number
  readonly height: Height
  readonly record: EpochRecord
}

/** null: nobody can be accused of it now. */
export function randomProof({
  chain,
  random,
}: {
  readonly chain: TestChain
  readonly random: Random
}): EvidenceProof | null {
  const height = chain.height + 1 - random.below(OLDEST)
  const record = height < 1 ? null : chain.state.get(epochKey(epochOf(height, chain.state.parameters)))
  if (!record || chain.set.members.length < FEWEST_MEMBERS) return null
  const members = record.stakes.map(({ address }) => address)
  // Who was punished already is to pay twice: of what is left, what has left since, and what was moved.
  const jailed = members.filter((address) => chain.state.get(validatorKey(address))?.jail)
  const again = jailed.length > 0 && random.chance(0.5)
  const accused = { n: numberOf(random.pick(again ? jailed : members)), height, record }
  return random.chance(0.2) ? contradictionBy(chain, random, accused) : invalidBlockBy(chain, random, accused)
}

function contradictionBy(chain: TestChain, random: Random, accused: Accused): EvidenceProof | null {
  const { n, height, record } = accused
  const removed = allValidators(chain.state).filter(({ tombstoned }) => tombstoned).length
  const keys = keysOf(chain, addressNumber(n))
  if (removed >= MOST_REMOVED || keys.length === 0) return null
  const commit = voteBy(n, height, 1)
  const other = random.chance(0.5) ? roundChangeBy(n, height, 1) : voteBy(n, height, 2)
  const { validatorsHash } = record
  return contradiction(chain, [commit, other], { validatorsHash, validatorKey: random.pick(keys) })
}

function invalidBlockBy(chain: TestChain, random: Random, { n, height }: Accused): EvidenceProof | null {
  const set = loadValidatorSet(chain.state, epochOf(height, chain.state.parameters))
  if (!set) return null
  const rejecters = random.shuffled(set.members.map(({ address }) => numberOf(address)))
  const isEnough = random.chance(0.9)
  return invalidBlock(chain, n, height, isEnough ? rejecters : rejecters.slice(0, 1))
}

function keysOf(chain: TestChain, owner: Address): Uint8Array[] {
  const keys = chain.state.keysOf('validatorKey') as StateKey<KeyOwner>[]
  return keys
    .filter((key) => chain.state.get(key)!.address === owner)
    .map((key) => fromHex(key.slice(key.indexOf(':') + 1))!)
}

const numbers = new Map<Address, number>(Array.from({ length: 256 }, (_, n) => [addressNumber(n), n]))

function numberOf(address: Address): number {
  return numbers.get(address)!
}
