/** One script of given sources, built as for a page, and a place to run it where there is nothing of Node. */
import { createContext, runInContext } from 'node:vm'
import { build, type Rolldown } from 'vite'

const ENTRY = 'virtual:entry'

/** What a page or its worker has, as far as these modules need one. */
const GLOBALS = { TextEncoder, TextDecoder, WebAssembly, atob, btoa, console, crypto }

/** Building takes seconds, more on a busy machine, ms. */
export const BUILD_TIMEOUT_MS = 120_000

export async function browserScript(source: string): Promise<Rolldown.OutputChunk> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? source : null),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: ENTRY, output: { format: 'iife' } },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('no output')
  return output.output[0]
}

/** Runs the script; expressions are evaluated after it, with these variables. */
export function inBrowser(code: string): (expression: string, variables?: object) => string {
  const context = createContext({ ...GLOBALS })
  runInContext(code, context)
  return (expression, variables = {}) => runInContext(expression, Object.assign(context, variables))
}
