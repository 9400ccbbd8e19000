/** What takes keys to check in a transaction, beside its signature: whoever calls it verified has checked all of it. */
import { decodeEvidenceProof, signaturesIn } from '../protocol/evidence-proof.ts'
import { possessionMessage } from '../protocol/hash.ts'
import type { EvidenceSubmit, SinglePayload, UnsignedTransaction } from '../protocol/transaction.ts'
import { singles } from './check-transaction.ts'

export interface OutsideProof {
  /** Of the random function, or an Ed25519 signature. */
  readonly kind: 'vrf' | 'ed25519'
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly proof: Uint8Array
  /** What the transaction is refused with where it does not hold. */
  readonly refusal: 'bad-possession-proof' | 'bad-evidence-signature'
}

/** Evidence that cannot be read has none: it fails in its block. */
export function outsideProofsOf(transaction: UnsignedTransaction): OutsideProof[] {
  return singles(transaction.payload).flatMap((single) => proofsOf(transaction, single))
}

/** What a multisig account is asked to do is done in its name. */
function proofsOf(
  { chainId, sender }: Pick<UnsignedTransaction, 'chainId' | 'sender'>,
  payload: SinglePayload | EvidenceSubmit,
): OutsideProof[] {
  if (payload.type === 'multisig.propose')
    return proofsOf({ chainId, sender: payload.account }, payload.payload)
  if (payload.type === 'evidence.submit') {
    const decoded = decodeEvidenceProof(payload.proof)
    if (!decoded.ok) return []
    return signaturesIn(chainId, decoded.value).map(({ publicKey, message, signature }) => {
      return { kind: 'ed25519', publicKey, message, proof: signature, refusal: 'bad-evidence-signature' }
    })
  }
  if (payload.type !== 'validator.register' && payload.type !== 'validator.rotateKey') return []
  const { validatorKey, validatorKeyProof, randomnessKey, randomnessKeyProof } = payload
  const shared = { message: possessionMessage(chainId, sender), refusal: 'bad-possession-proof' } as const
  return [
    { ...shared, kind: 'ed25519', publicKey: validatorKey, proof: validatorKeyProof },
    { ...shared, kind: 'vrf', publicKey: randomnessKey, proof: randomnessKeyProof },
  ]
}
