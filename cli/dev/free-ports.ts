/** Whether ports can be had, asked before anything is started. */
import { createServer } from 'node:net'
import { CommandFailure } from '../failure.ts'

/** Fails with `port-in-use` for the first that is taken. */
export async function requireFreePorts(
  ports: readonly { readonly port: number; readonly use: string }[],
): Promise<void> {
  for (const { port, use } of ports) {
    if (!(await isFree(port)))
      throw new CommandFailure(
        'port-in-use',
        `port ${port}, for ${use}, is in use; --port moves the whole network`,
        { port },
      )
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
