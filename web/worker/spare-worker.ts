/**
 * The node's worker, made before it is known whether this tab runs the node: its code is loaded and read on its own thread
 * while the page is painted on this one. The first node of the tab takes it: at once, or when a tab that looks on takes over.
 */
let spare: Worker | null = null

export function prepareWorker(): void {
  if (!('Worker' in globalThis)) return
  const worker = createWorker()
  spare = worker
  // Another is made when it is needed, and its failure told.
  worker.addEventListener('error', () => {
    if (spare === worker) spare = null
  })
}

export function takeWorker(): Worker {
  const worker = spare ?? createWorker()
  spare = null
  return worker
}

export function dropSpareWorker(): void {
  spare?.terminate()
  spare = null
}

function createWorker(): Worker {
  return new Worker(new URL('./node-worker.ts', import.meta.url), { type: 'module', name: 'node' })
}
