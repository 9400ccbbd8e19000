/** A NodeApi that answers as the node behind it does, but for what it lies about. */
import type { NodeApi, NodeMethod, NodeMethods } from './node-api.ts'

/** Each lie knows what its method answers. */
export type Lie = (method: NodeMethod, result: never, params: never) => unknown

export class LyingApi implements NodeApi {
  /** null: the truth. */
  lie: Lie | null = null
  readonly #node: NodeApi

  constructor(node: NodeApi) {
    this.#node = node
  }

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const result = await this.#node.call(method, params)
    return (
      this.lie ? this.lie(method, result as never, params as never) : result
    ) as NodeMethods[M]['result']
  }

  subscribe: NodeApi['subscribe'] = (topic, listener) => this.#node.subscribe(topic, listener)
}
