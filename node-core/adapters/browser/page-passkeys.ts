/**
 * The page's part of accounts with a passkey: `navigator.credentials` is not there in a worker. A page that calls `wallet_submit`
 * need not know which kind of key its account has; the browser asks the person in between where it must.
 */
import { fromHex, toHex } from '../../lib/bytes.ts'
import type { PasskeyAssertion, WalletApi, WalletMethods } from '../../node/wallet-api.ts'
import { CodedError } from '../../ports/coded-error.ts'

/** How long a browser lets a person look for the key. */
const TIMEOUT_MS = 120_000
/** COSE's number of ECDSA on P-256 with SHA-256, the one kind that the chain knows. */
const ES256 = -7
const SITE_NAME = 'AITBC mesh'
const RANDOM_BYTES = 32

type Result<M extends keyof WalletMethods> = WalletMethods[M]['result']

/** Passes on what it does not concern. Rejects also with 'passkey-unsupported', 'passkey-refused', 'passkey-failed'. */
export function withPasskeys(wallet: WalletApi): WalletApi {
  return {
    call: async (method, params) => {
      const asked: keyof WalletMethods = method
      if (asked === 'wallet_passkey_create')
        return createAccount(wallet, params as WalletMethods['wallet_passkey_create']['params']) as never
      if (asked === 'wallet_passkey_restore')
        return restoreAccount(wallet, params as WalletMethods['wallet_passkey_restore']['params']) as never
      if (asked !== 'wallet_submit') return wallet.call(method, params)
      const { request } = params as WalletMethods['wallet_submit']['params']
      const question = await wallet.call('wallet_passkey_begin', { request })
      if (question === null) return wallet.call(method, params)
      const { attempt, credentialId, challenge } = question
      const answer = { attempt, ...(await ask(bytes(challenge), credentialId)) }
      return wallet.call('wallet_passkey_finish', answer) as never
    },
  }
}

async function createAccount(
  wallet: WalletApi,
  { name }: { readonly name: string },
): Promise<Result<'wallet_passkey_create'>> {
  const label = name.trim() || SITE_NAME
  const credential = await withBrowser((credentials) =>
    credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: SITE_NAME },
        user: { id: random(), name: label, displayName: label },
        challenge: random(),
        pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        timeout: TIMEOUT_MS,
      },
    }),
  )
  const publicKey = (credential.response as AuthenticatorAttestationResponse).getPublicKey()
  if (publicKey === null) throw new CodedError('passkey-unusable')
  return wallet.call('wallet_passkey_keep', {
    name,
    credentialId: hex(credential.rawId),
    publicKey: hex(publicKey),
  })
}

/** Every one of ours can be found without knowing it; a second signature says which of two keys made the first. */
async function restoreAccount(
  wallet: WalletApi,
  { name }: { readonly name: string },
): Promise<Result<'wallet_passkey_restore'>> {
  const first = await ask(random())
  const second = await ask(random(), first.credentialId)
  return wallet.call('wallet_passkey_recover', { name, assertions: [first, second] })
}

/** Without `credentialId` the person chooses among the passkeys of this site. */
async function ask(challenge: Uint8Array<ArrayBuffer>, credentialId?: string): Promise<PasskeyAssertion> {
  const allowed = credentialId === undefined ? [] : [{ type: 'public-key' as const, id: bytes(credentialId) }]
  const credential = await withBrowser((credentials) =>
    credentials.get({
      publicKey: {
        rpId: location.hostname,
        allowCredentials: allowed,
        challenge,
        userVerification: 'required',
        timeout: TIMEOUT_MS,
      },
    }),
  )
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    credentialId: hex(credential.rawId),
    authenticatorData: hex(response.authenticatorData),
    clientDataJson: hex(response.clientDataJSON),
    signature: hex(response.signature),
  }
}

/** Browsers do not say more of a refusal than that there was one: it may have been the person. */
async function withBrowser(
  work: (credentials: CredentialsContainer) => Promise<Credential | null>,
): Promise<PublicKeyCredential> {
  if (!('PublicKeyCredential' in globalThis))
    throw new CodedError('passkey-unsupported', { reason: 'browser' })
  try {
    const credential = await work(navigator.credentials)
    if (credential instanceof PublicKeyCredential) return credential
  } catch (error) {
    const { name, message } = error as DOMException
    if (name === 'NotAllowedError') throw new CodedError('passkey-refused', {}, { cause: error })
    // A site without a name, such as an IP address, can have none.
    if (name === 'SecurityError')
      throw new CodedError('passkey-unsupported', { reason: 'address' }, { cause: error })
    throw new CodedError('passkey-failed', { detail: `${name}: ${message}` }, { cause: error })
  }
  throw new CodedError('passkey-failed', { detail: 'no credential' })
}

function random(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))
}

function hex(buffer: ArrayBuffer): string {
  return toHex(new Uint8Array(buffer))
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fromHex(text) ?? [])
}
