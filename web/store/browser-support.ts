/** What a node needs of the browser. Codes are those of i18n MISSING_SENTENCES. */

export type Feature = 'webcrypto-ed25519' | 'web-locks' | 'workers' | 'indexeddb' | 'webrtc'

export interface Support {
  /** Without one of these no node runs here. */
  readonly missing: readonly Feature[]
  /** Without it a hidden tab may be put to sleep by the system. */
  readonly wakeLock: boolean
}

export async function browserSupport(scope: typeof globalThis = globalThis): Promise<Support> {
  const has: readonly (readonly [Feature, boolean])[] = [
    ['webcrypto-ed25519', await signsEd25519(scope.crypto?.subtle)],
    ['web-locks', scope.navigator !== undefined && 'locks' in scope.navigator],
    ['workers', 'Worker' in scope],
    ['indexeddb', 'indexedDB' in scope],
    ['webrtc', 'RTCPeerConnection' in scope],
  ]
  return {
    missing: has.filter(([, present]) => !present).map(([feature]) => feature),
    wakeLock: scope.navigator !== undefined && 'wakeLock' in scope.navigator,
  }
}

async function signsEd25519(subtle: SubtleCrypto | undefined): Promise<boolean> {
  if (subtle === undefined) return false
  try {
    await subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
    return true
  } catch {
    return false
  }
}
