/** `aitbc chain …`: the decided chain. */
import type { Command } from 'commander'
import type { BlockSummary } from '../../node-core/node/node-api.ts'
import { amountsInAit } from '../ait-json.ts'
import type { Bind } from '../context.ts'
import { readWhole } from '../values.ts'
import { fields, percent, timeWords } from '../words.ts'

export function chainCommands(program: Command, bind: Bind): void {
  const chain = program.command('chain').description('the decided chain')
  bind(chain.command('head').description('the newest decided block'), async ({ rpc }) => {
    const head = await rpc.call('chain_head', {})
    return { json: amountsInAit(head), lines: blockLines(head) }
  })
  bind(
    chain.command('block').argument('<height>', 'from 1').description('a block with its transactions'),
    async ({ rpc }, [text]) => {
      const height = readWhole('HEIGHT', text!, 1, Number.MAX_SAFE_INTEGER)
      const block = await rpc.call('chain_block', { height })
      const transactions = block.transactions.map(
        (entry) => `  ${entry.hash}  ${entry.payload.type}  ${entry.receipt?.code ?? entry.status}`,
      )
      return { json: amountsInAit(block), lines: [...blockLines(block), ...transactions] }
    },
  )
}

function blockLines(block: BlockSummary): string[] {
  return fields([
    ['height', block.height],
    ['block', block.blockId],
    ['time', `${timeWords(block.timestampMs)} UTC`],
    ['proposer', `${block.proposerName} ${block.proposer}`],
    ['round', block.round],
    ['signed by', `${percent(block.signedPower)} of the power`],
    ['transactions', block.transactionCount ?? 'not known'],
    ['gas', `${block.gasUsed} of ${block.gasLimit}`],
  ])
}
