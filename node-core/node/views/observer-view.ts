/** A certified header without its body, as a view. */
import type { LightBlock } from '../../light/light-block.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import { epochOf } from '../../state/validator-sets.ts'
import type { BlockSummary } from '../node-api.ts'
import { signedPower } from '../signed-power.ts'
import { headerView } from './chain-view.ts'

export function observedSummary(
  { header, certificate, set }: LightBlock,
  parameters: ChainParameters,
): BlockSummary {
  return {
    ...headerView(header, ''),
    round: certificate.round,
    epoch: epochOf(header.height, parameters),
    // Every transaction uses gas.
    transactionCount: header.gasUsed === 0 ? 0 : null,
    decisionMs: null,
    ownCommit: null,
    signedPower: signedPower(set, certificate),
  }
}
