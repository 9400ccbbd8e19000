/** `aitbc monitor`: one line for each decided block and each alert, until Ctrl-C or `--blocks N`. As JSON blocks alone. */
import type { Command } from 'commander'
import type { AlertView, BlockSummary } from '../../node-core/node/node-api.ts'
import { amountsInAit } from '../ait-json.ts'
import type { Bind, Context } from '../context.ts'
import { CommandFailure } from '../failure.ts'
import { readWhole } from '../values.ts'
import { percent, timeWords } from '../words.ts'

export function monitorCommand(program: Command, bind: Bind): void {
  const monitor = program
    .command('monitor')
    .description('one line for each decided block and each alert, until Ctrl-C')
    .option('--blocks <n>', 'stop after so many')
  bind(monitor, async (context, _args, options) => {
    const blocks =
      options.blocks === undefined
        ? Number.POSITIVE_INFINITY
        : readWhole('--blocks', String(options.blocks), 1, 1_000_000)
    await follow(context, blocks)
    return null
  })
}

async function follow({ rpc, io, json }: Context, blocks: number): Promise<void> {
  let remaining = blocks
  let finish = () => {}
  const finished = new Promise<'finished'>((resolve) => {
    finish = () => resolve('finished')
  })
  io.signal.addEventListener('abort', finish, { once: true })
  const stream = await rpc.subscribe('heads', (head) => {
    if (remaining === 0) return
    remaining -= 1
    io.out(json ? JSON.stringify(amountsInAit(head)) : headLine(head))
    if (remaining === 0) finish()
  })
  const alerts = json
    ? null
    : await rpc.subscribe('alerts', (event) => {
        if ('alert' in event) io.out(alertLine(event.alert))
      })
  const end = await Promise.race([finished, stream.ended.then(() => 'ended' as const)])
  io.signal.removeEventListener('abort', finish)
  stream.close()
  alerts?.close()
  if (end === 'ended')
    throw new CommandFailure('connection-lost', 'the node ended the connection', { url: rpc.url })
}

function headLine(head: BlockSummary): string {
  const decided = head.decisionMs === null ? '' : `, decided in ${Math.round(head.decisionMs)} ms`
  const round = head.round === 0 ? '' : `, round ${head.round}`
  return `${timeWords(head.timestampMs)}  ${head.height}  ${head.proposerName}  ${head.transactionCount ?? '?'} transactions, ${percent(head.signedPower)} signed${round}${decided}`
}

function alertLine({ atMs, kind, level, data, active }: AlertView): string {
  const facts = Object.entries(data).map(([name, value]) => `${name} ${value}`)
  return `${timeWords(atMs)}  alert, ${active ? level : 'over'}: ${[kind, ...facts].join(', ')}`
}
