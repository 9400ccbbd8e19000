/** The commands, group by group. */
import { Command } from 'commander'
import { chainCommands } from './commands/chain.ts'
import { configCommands } from './commands/config.ts'
import { devCommand } from './commands/dev.ts'
import { economicsCommands } from './commands/economics.ts'
import { lightCommands } from './commands/light.ts'
import { monitorCommand } from './commands/monitor.ts'
import { networkCommands } from './commands/network.ts'
import { nodeCommands } from './commands/node.ts'
import { simCommand } from './commands/sim.ts'
import { validatorCommands } from './commands/validator.ts'
import { walletCommands } from './commands/wallet.ts'
import { type Bind, type CommandResult, createContext, DEFAULT_RPC_URL, type Io } from './context.ts'

export function createProgram(io: Io, print: (result: CommandResult) => void): Command {
  const program = new Command('aitbc')
    .description('A node of the mesh, its wallets and its development network, from a terminal')
    .option('--rpc <url>', `the node to ask (default: $AITBC_RPC or ${DEFAULT_RPC_URL})`)
    .option('--home <dir>', 'wallets and settings (default: $AITBC_HOME or ~/.aitbc)')
    .option('--json', 'answer with one line of JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(aitbc --help lists the commands)')
  const bind: Bind = (command, action) => {
    command.action(async () => {
      const options = command.optsWithGlobals()
      const result = await action(createContext(io, options), command.args, options)
      if (result !== null) print(result)
    })
  }
  for (const add of [
    chainCommands,
    walletCommands,
    validatorCommands,
    economicsCommands,
    networkCommands,
    nodeCommands,
    lightCommands,
    monitorCommand,
    configCommands,
    devCommand,
    simCommand,
  ])
    add(program, bind)
  return program
}
