/** A decided block as the detectors of attacks look at it. */
import type { BlockFacts, StakeMove, TransactionFacts } from '../economy/detectors/observation.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Address } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Payload, Transaction } from '../protocol/transaction.ts'
import { accountKey, validatorKey } from '../state/keys.ts'
import type { Chain } from './chain.ts'
import type { StoredBlock } from './repositories.ts'
import { hasSigned } from './signed-power.ts'

/** The records are those of now: this is called soon after the block, or when old blocks are read back. */
export function blockFacts(
  chain: Chain,
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
    transactions: body.transactions.map((each, i) => transactionFacts(chain, proposer, each, receipts[i]!)),
    signers: body.parentCertificate ? signersOf(chain, body.parentCertificate) : [],
  }
}

function transactionFacts(
  chain: Chain,
  proposer: Address,
  { sender, payload }: Transaction,
  { code, gasUsed }: Receipt,
): TransactionFacts {
  const isFunded = sender !== proposer && chain.state.get(accountKey(sender))?.funder === proposer
  return {
    sender,
    party: isFunded ? proposer : sender,
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
function signersOf(chain: Chain, certificate: Certificate): BlockFacts['signers'] {
  const members = chain.setAt(certificate.height)?.set.members ?? []
  return members.flatMap(({ address: validator }, i) => {
    const signed = hasSigned(certificate, i)
    const record = chain.state.get(validatorKey(validator))
    const isExcused = !record || record.paused || record.exiting || record.jail !== null || record.tombstoned
    return signed || !isExcused ? [{ validator, signed }] : []
  })
}
