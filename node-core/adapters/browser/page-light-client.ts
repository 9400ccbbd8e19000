/**
 * The page's own light client. It begins at the genesis that the page's origin names and believes nothing else, so that what
 * the node beside it says is checked in the page. Loaded on demand.
 */
import type { VerifiedHeader } from '../../light/verify-header.ts'
import type { NodeApi } from '../../node/node-api.ts'
import { CodedError } from '../../ports/coded-error.ts'
import { parseGenesis } from '../../protocol/genesis-codec.ts'
import { genesisHash } from '../../protocol/hash.ts'
import { createLightClient, type LightClient } from '../light-client.ts'

export interface PageLightClient {
  readonly client: LightClient
  /** Where trust begins. */
  readonly genesisHash: string
  /** Headers verified by this client, all told. */
  readonly verified: () => number
  /** Told of every header that is verified; returns the way to stop. */
  onVerified(listener: (verified: VerifiedHeader) => void): () => void
}

/** Rejects with a CodedError: `network-file-missing` (also without a network), `genesis-invalid`. */
export async function openPageLightClient(node: NodeApi): Promise<PageLightClient> {
  const genesis = parseGenesis(await networkGenesis())
  if (!genesis.ok) throw new CodedError('genesis-invalid', { key: genesis.key, range: genesis.range })
  const listeners = new Set<(verified: VerifiedHeader) => void>()
  let count = 0
  const client = createLightClient({
    call: (method, params) => node.call(method, params),
    start: { genesis: genesis.value },
    nowMs: Date.now,
    onVerified: (verified) => {
      count += 1
      for (const listener of listeners) listener(verified)
    },
  })
  return {
    client,
    genesisHash: genesisHash(genesis.value),
    verified: () => count,
    onVerified(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function networkGenesis(): Promise<unknown> {
  try {
    const response = await fetch('/network.json', { cache: 'no-cache' })
    const { genesis } = (await response.json()) as { readonly genesis?: unknown }
    return genesis
  } catch (error) {
    throw new CodedError('network-file-missing', { detail: String(error) })
  }
}
