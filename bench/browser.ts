/** A Chromium for the page's figures, and what its tabs say of themselves: the node's steps, tasks, memory. */
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test'
import { ordinaryLaunchOptions } from '../e2e/browser.ts'
import { FigureUnavailable } from './figure.ts'

const STEP_TIMEOUT_MS = 60_000
const BYTES_PER_MB = 1_000_000

declare global {
  interface Window {
    /** ms since the page was asked for, by step; kept by watchSteps. */
    benchSteps: Record<string, { readonly atMs: number; readonly detail: unknown }>
  }
}

export async function launchBrowser(): Promise<Browser> {
  try {
    return await chromium.launch(ordinaryLaunchOptions())
  } catch (error) {
    throw new FigureUnavailable(`no Chromium: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Before any page is opened: from then on each notes when its node has done a step. */
export async function watchSteps(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.benchSteps = {}
    const Original = window.Worker
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        this.addEventListener('message', ({ data }) => {
          const { type, event } = data as { type?: string; event?: Record<string, unknown> }
          if (type !== 'boot' || event?.state !== 'done') return
          window.benchSteps[String(event.step)] ??= { atMs: performance.now(), detail: event.detail }
        })
      }
    }
  })
}

/** ms from the page being asked for to the step. */
export async function stepMs(page: Page, step: 'node' | 'relay' | 'peers' | 'head'): Promise<number> {
  const done = await page.waitForFunction((name) => window.benchSteps[name], step, {
    timeout: STEP_TIMEOUT_MS,
    polling: 20,
  })
  return (await done.jsonValue())!.atMs
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** µs, by the wall. */
  readonly dur?: number
  /** µs of processor time. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

export interface LongestTask {
  /** From its begin to its end, others' turns on the processor included. */
  readonly wallMs: number
  /** The most processor time that one took. */
  readonly processorMs: number
}

/** Of the tasks of the page's main thread while `work` went on. No other page may be open. */
export async function longestTask(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<LongestTask> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await work()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const main = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && main.has(`${pid}:${tid}`),
  )
  if (tasks.length === 0) throw new Error('the trace holds no task of the main thread')
  return {
    wallMs: tasks.reduce((longest, { dur = 0 }) => Math.max(longest, dur), 0) / 1_000,
    processorMs: tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1_000,
  }
}

/** JavaScript heap and buffers of the page's node worker after a collection, MB. */
export async function workerMemoryMb(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'worker' }] })
  const worker = targetInfos.find(({ title, url }) => title === 'node' || url.includes('node-worker'))
  if (!worker) throw new Error('the page has no node worker')
  const { sessionId } = await session.send('Target.attachToTarget', {
    targetId: worker.targetId,
    flatten: false,
  })
  const target = new NestedSession(session, sessionId)
  await target.send('HeapProfiler.collectGarbage')
  const heap = await target.send('Runtime.getHeapUsage')
  const bytes = (heap.usedSize ?? 0) + (heap.embedderHeapUsedSize ?? 0) + (heap.backingStorageSize ?? 0)
  return bytes / BYTES_PER_MB
}

/** Protocol messages to a target inside another's session: Playwright has no session of its own for workers. */
class NestedSession {
  readonly #session: CDPSession
  readonly #id: string
  #next = 1

  constructor(session: CDPSession, id: string) {
    this.#session = session
    this.#id = id
  }

  async send(method: string): Promise<Record<string, number>> {
    const id = this.#next++
    const answer = new Promise<Record<string, number>>((resolve, reject) => {
      const receive = ({ sessionId, message }: { sessionId: string; message: string }) => {
        const reply = JSON.parse(message) as {
          id?: number
          result?: Record<string, number>
          error?: { message: string }
        }
        if (sessionId !== this.#id || reply.id !== id) return
        this.#session.off('Target.receivedMessageFromTarget', receive)
        if (reply.result) resolve(reply.result)
        else reject(new Error(`${method}: ${reply.error?.message}`))
      }
      this.#session.on('Target.receivedMessageFromTarget', receive)
    })
    await this.#session.send('Target.sendMessageToTarget', {
      sessionId: this.#id,
      message: JSON.stringify({ id, method }),
    })
    return answer
  }
}
