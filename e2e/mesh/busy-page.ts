/** Pages whose main thread has no time for their node. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'

/** Longer than a block takes, ms. */
const TASK_MS = 3_000
const BETWEEN_TASKS_MS = 50

/** One long task after another, until the answer is called. */
export async function keepBusy(page: Page): Promise<() => Promise<void>> {
  const busy = await page.evaluateHandle(
    ([taskMs, betweenMs]) => {
      const controller = new AbortController()
      const work = () => {
        if (controller.signal.aborted) return
        const untilMs = performance.now() + taskMs
        while (performance.now() < untilMs);
        setTimeout(work, betweenMs)
      }
      work()
      return controller
    },
    [TASK_MS, BETWEEN_TASKS_MS] as const,
  )
  return () => busy.evaluate((controller) => controller.abort())
}

/** One single task, which ends when the answer is called: the page waits for a request that is not answered before. */
export async function hold(page: Page): Promise<() => Promise<void>> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>
  const task = page.evaluate(
    (url) => {
      const request = new XMLHttpRequest()
      request.open('GET', url, false)
      request.send()
    },
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  )
  const [, response] = await asked
  response.once('close', () => server.close())
  return async () => {
    response.writeHead(204, { 'access-control-allow-origin': '*', connection: 'close' }).end()
    await task
  }
}
