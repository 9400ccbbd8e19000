/** Behind a server of a test: a node that answers with the documented examples, and tells what it is told to. */
import type { ApiError, NodeApi, NodeMethod, NodeMethods, NodeTopic } from '../node/node-api.ts'
import { EXAMPLES } from './examples.ts'

export class StandInNode implements NodeApi {
  readonly calls: { method: string; params: unknown }[] = []
  readonly refusals = new Map<string, ApiError | Error>()
  readonly listeners = new Map<string, Set<(event: never) => void>>()
  /** In the place of every example; null: the example. */
  result: unknown = null

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    this.calls.push({ method, params })
    const refusal = this.refusals.get(method)
    if (refusal !== undefined) throw refusal
    return (this.result ?? EXAMPLES[method].result) as NodeMethods[M]['result']
  }

  subscribe(topic: NodeTopic, listener: (event: never) => void): () => void {
    const listeners = this.listeners.get(topic) ?? new Set()
    this.listeners.set(topic, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  emit(topic: NodeTopic, event: unknown): void {
    for (const listener of this.listeners.get(topic) ?? []) listener(event as never)
  }
}
