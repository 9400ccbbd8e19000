/**
 * Checks a block, a transaction or an account in this page, from the genesis on, as somebody would who runs no node. Loaded
 * on demand: it brings the rules and the hash functions.
 */
import {
  openPageLightClient,
  type PageLightClient,
} from '../../../node-core/adapters/browser/page-light-client.ts'
import type { LightFault } from '../../../node-core/light/fault.ts'
import type { VerifiedHeader } from '../../../node-core/light/verify-header.ts'
import type { ApiError, NodeApi } from '../../../node-core/node/node-api.ts'
import { formatAddress } from '../../../node-core/protocol/address.ts'
import { asApiError } from '../../store/query.ts'

export type LightSubject =
  | { readonly kind: 'block'; readonly height: number; readonly blockId: string }
  | {
      readonly kind: 'transaction'
      readonly hash: string
      /** As the page shows it. */
      readonly code: string
      readonly feePaid: string
      readonly height: number
    }

/** A header that was followed from the genesis, as the page shows it. */
export interface FollowedHeader {
  readonly genesisHash: string
  /** Headers that were checked for it now; those of an earlier check are not checked again. */
  readonly headers: number
  readonly height: number
  readonly blockId: string
  readonly stateRoot: string
  readonly signers: readonly string[]
  /** Validators in the set. */
  readonly members: number
  /** Millionths. */
  readonly signedPower: number
}

export interface ShownInclusion {
  readonly index: number
  readonly count: number
  /** Hashes between the transaction and the root. */
  readonly depth: number
  /** What is proved is what the page shows. */
  readonly same: boolean
}

export type LightOutcome<T = null> =
  | { readonly state: 'verified'; readonly header: FollowedHeader; readonly proved: T }
  /** Something does not hold. */
  | { readonly state: 'refused'; readonly fault: LightFault }
  /** It could not be tried. */
  | { readonly state: 'failed'; readonly error: ApiError }

type Progress = (headers: number) => void

const clients = new WeakMap<NodeApi, Promise<PageLightClient>>()

/** One client a connection: what it verified once is kept. */
function clientOf(node: NodeApi): Promise<PageLightClient> {
  const opened = clients.get(node) ?? openPageLightClient(node)
  clients.set(node, opened)
  opened.catch(() => clients.delete(node))
  return opened
}

/** Total: what goes wrong is in the outcome. `progress` hears how many headers were checked so far. */
async function attempt<T>(
  node: NodeApi,
  progress: Progress,
  work: (
    light: PageLightClient,
  ) => Promise<
    | { readonly ok: true; readonly value: { readonly at: VerifiedHeader; readonly proved: T } }
    | { readonly ok: false; readonly fault: LightFault }
  >,
): Promise<LightOutcome<T>> {
  try {
    const light = await clientOf(node)
    const before = light.verified()
    const stop = light.onVerified(() => progress(light.verified() - before))
    try {
      const result = await work(light)
      if (!result.ok) return { state: 'refused', fault: result.fault }
      const headers = light.verified() - before
      return {
        state: 'verified',
        header: shown(light, result.value.at, headers),
        proved: result.value.proved,
      }
    } finally {
      stop()
    }
  } catch (reason) {
    return { state: 'failed', error: asApiError(reason) }
  }
}

export function checkHeader(node: NodeApi, height: number, progress: Progress): Promise<LightOutcome> {
  return attempt(node, progress, async ({ client }) => {
    const result = await client.verifyBlock(height)
    return result.ok ? { ok: true, value: { at: result.value, proved: null } } : result
  })
}

export function checkTransaction(
  node: NodeApi,
  claim: Extract<LightSubject, { readonly kind: 'transaction' }>,
  progress: Progress,
): Promise<LightOutcome<ShownInclusion>> {
  return attempt(node, progress, async ({ client }) => {
    const result = await client.verifyTransaction(claim.hash)
    if (!result.ok) return result
    const { at, receipt, index, count, depth } = result.value
    const same =
      receipt.code === claim.code &&
      String(receipt.feePaid) === claim.feePaid &&
      at.trusted.height === claim.height
    return { ok: true, value: { at, proved: { index, count, depth, same } } }
  })
}

function shown(
  { genesisHash }: PageLightClient,
  { trusted, signers, signedPower }: VerifiedHeader,
  headers: number,
): FollowedHeader {
  return {
    genesisHash,
    headers,
    height: trusted.height,
    blockId: trusted.blockId,
    stateRoot: trusted.header?.stateRoot ?? '',
    signers: signers.map((signer) => formatAddress(signer.address)),
    members: trusted.set.members.length,
    signedPower: Number((signedPower * 1_000_000n) / trusted.set.totalPower),
  }
}
