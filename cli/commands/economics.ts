/** `aitbc economics …`: what things cost now. */
import type { Command } from 'commander'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind } from '../context.ts'
import { fields } from '../words.ts'

export function economicsCommands(program: Command, bind: Bind): void {
  const economics = program.command('economics').description('fees')
  bind(
    economics
      .command('gas-price')
      .description('the base fee now and the tips that others paid, AIT for one unit of gas'),
    async ({ rpc }) => {
      const fees = await rpc.call('economy_fees', {})
      const lines = fields([
        ['base fee', inAit(fees.baseFeePerGas)],
        ['slow tip', inAit(fees.slow)],
        ['standard tip', inAit(fees.standard)],
        ['fast tip', inAit(fees.fast)],
      ])
      return { json: amountsInAit(fees), lines }
    },
  )
}
