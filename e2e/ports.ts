/** Ports of this machine for what a test starts: two workers run at a time. */

/** Below those that systems give to outgoing connections, which would now and then be there first. */
const FIRST_PORT = 4_800
const PORTS_OF_A_WORKER = 200

/** Of this worker of Playwright's; what one test took is free again when it has ended. `offset`: below PORTS_OF_A_WORKER. */
export function workerPort(offset = 0): number {
  return FIRST_PORT + PORTS_OF_A_WORKER * Number(process.env.TEST_PARALLEL_INDEX ?? 0) + offset
}
