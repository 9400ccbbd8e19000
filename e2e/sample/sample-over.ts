/** Lays other answers over those of a sample connection. */
import type { NodeApi, NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'
import type { WalletApi, WalletMethod, WalletMethods } from '../../node-core/node/wallet-api.ts'
import type { Connection } from '../../web/store/connection.ts'

type NodeAnswers = {
  readonly [M in NodeMethod]?: (
    params: NodeMethods[M]['params'],
    below: NodeApi,
  ) => Promise<NodeMethods[M]['result']>
}
type WalletAnswers = {
  readonly [M in WalletMethod]?: (
    params: WalletMethods[M]['params'],
    below: WalletApi,
  ) => Promise<WalletMethods[M]['result']>
}

export function overNode(connection: Connection, answers: NodeAnswers): Connection {
  const below = connection.node
  const node: NodeApi = {
    call(method, params) {
      const answer = answers[method]
      return answer === undefined ? below.call(method, params) : answer(params, below)
    },
    subscribe: (topic, listener) => below.subscribe(topic, listener),
  }
  return { ...connection, node }
}

export function overWallet(connection: Connection, answers: WalletAnswers): Connection {
  const below = connection.wallet
  const wallet: WalletApi = {
    call(method, params) {
      const answer = answers[method]
      return answer === undefined ? below.call(method, params) : answer(params, below)
    },
  }
  return { ...connection, wallet }
}
