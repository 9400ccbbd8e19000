import { evmBenchmark } from './evm.ts'

const PORT = 46_600

export const anvil = evmBenchmark({
  name: 'peer_anvil_transfers_per_second',
  package: '@foundry-rs/anvil',
  files: {},
  command: 'anvil',
  args: ['--port', String(PORT), '--silent', '--block-time', '1', '--disable-block-gas-limit'],
  port: PORT,
})
