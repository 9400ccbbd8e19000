/** A decided block as the detectors of attacks look at it. */
import type { BlockFacts, StakeMove, TransactionFacts } from '../economy/detectors/observation.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address, Height } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Payload, Transaction } from '../protocol/transaction.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { accountKey, validatorKey } from '../state/keys.ts'
import type { StateView } from '../state/store.ts'
import type { StoredBlock } from './repositories.ts'
import { hasSigned } from './signed-power.ts'

/** What is looked up beside the block. */
interface FactsSource {
  readonly state: StateView
  /** null: the set of that height is not known any more. */
  setAt(height: Height): { readonly set: ValidatorSet } | null
}

/** The records are those of now: this is called soon after the block, or when old blocks are read back. */
export function blockFacts(
  chain: FactsSource,
  { block, receipts }: Pick<StoredBlock, 'block' | 'receipts'>,
): BlockFacts {
  const { header, body } = block
  const { height, timestampMs: timeMs, proposer, baseFeePerGas: baseFee, gasUsed } = header
  return {
    height,
    timeMs,
    proposer,
    baseFee,
    gasUsed,
    transactions: body.transactions.map((each, i) => transactionFacts(chain, each, receipts[i]!)),
    signers: body.parentCertificate ? signersOf(chain, body.parentCertificate) : [],
  }
}

function transactionFacts(
  chain: FactsSource,
  { sender, payload }: Transaction,
  { code, gasUsed }: Receipt,
): TransactionFacts {
  return {
    sender,
    party: chain.state.get(accountKey(sender))?.funder ?? sender,
    type: payload.type,
    gas: gasUsed,
    counterparties: counterpartiesOf(payload),
    stake: code === 'ok' || code === 'stake-cooling-down' ? stakeMovesOf(sender, payload) : [],
    done: code === 'ok',
  }
}

function counterpartiesOf(payload: Payload): Address[] {
  switch (payload.type) {
    case 'transfer':
      return [payload.to]
    case 'batch':
      return payload.payloads.flatMap(counterpartiesOf)
    case 'stake.redelegate':
      return [payload.from, payload.to]
    case 'stake.delegate':
    case 'stake.undelegate':
    case 'stake.claimRewards':
    case 'stake.compound':
    case 'validator.admit':
    case 'validator.expel':
      return [payload.validator]
    case 'multisig.propose':
    case 'multisig.approve':
    case 'multisig.revoke':
    case 'multisig.execute':
      return [payload.account]
    default:
      return []
  }
}

/** Of each operation. */
function stakeMovesOf(sender: Address, payload: Payload): (readonly StakeMove[])[] {
  switch (payload.type) {
    case 'batch':
      return payload.payloads.flatMap((each) => stakeMovesOf(sender, each))
    case 'validator.register':
      return [[{ validator: sender, change: payload.stake }]]
    case 'stake.delegate':
      return [[{ validator: payload.validator, change: payload.amount }]]
    case 'stake.undelegate':
      return [[{ validator: payload.validator, change: -payload.amount }]]
    case 'stake.redelegate': {
      const { from, to, amount } = payload
      return [
        [
          { validator: from, change: -amount },
          { validator: to, change: amount },
        ],
      ]
    }
    default:
      return []
  }
}

/** Who may be absent is not expected; its signature still counts. */
function signersOf(chain: FactsSource, certificate: Certificate): BlockFacts['signers'] {
  const members = chain.setAt(certificate.height)?.set.members ?? []
  return members.flatMap(({ address: validator }, i) => {
    const signed = hasSigned(certificate, i)
    const record = chain.state.get(validatorKey(validator))
    const isExcused = !record || record.paused || record.exiting || record.jail !== null || record.tombstoned
    return signed || !isExcused ? [{ validator, signed }] : []
  })
}
