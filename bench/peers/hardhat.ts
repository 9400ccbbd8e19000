import { evmBenchmark } from './evm.ts'

const PORT = 46_610
const BLOCK_GAS = 300_000_000
const CONFIG = `module.exports = {
  solidity: '0.8.24',
  networks: {
    hardhat: {
      blockGasLimit: ${BLOCK_GAS},
      mining: { auto: false, interval: 1000 },
    },
  },
}
`

export const hardhat = evmBenchmark({
  name: 'peer_hardhat_transfers_per_second',
  package: 'hardhat@2',
  files: { 'hardhat.config.cjs': CONFIG },
  command: 'hardhat',
  args: ['--config', 'hardhat.config.cjs', 'node', '--port', String(PORT)],
  port: PORT,
})
