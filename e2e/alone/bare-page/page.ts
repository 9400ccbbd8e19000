/** A tab's node and nothing to look at: tests call its interfaces as the dashboard's pages do. */
import type { ApiError } from '../../../node-core/node/node-api.ts'
import { start } from '../../../web/worker/start.ts'

export interface Outcome {
  readonly value?: unknown
  readonly error?: ApiError
}

const connection = start()

/** Refusals are values. */
async function ask(api: 'node' | 'wallet', method: string, params: object): Promise<Outcome> {
  const target = (await connection)[api] as { call(method: string, params: object): Promise<unknown> }
  try {
    return { value: await target.call(method, params) }
  } catch (error) {
    const { code = 'internal', data = { detail: String(error) } } = error as Partial<ApiError>
    return { error: { code, data } }
  }
}

declare global {
  interface Window {
    ask: typeof ask
  }
}

window.ask = ask
