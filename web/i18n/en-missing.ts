/** Why this browser cannot run a node. */
export const MISSING_SENTENCES: Readonly<Record<string, { readonly name: string; readonly why: string }>> = {
  'webcrypto-ed25519': { name: 'Ed25519 signatures', why: 'Votes and transactions are signed with them.' },
  'web-locks': { name: 'Web Locks', why: 'They make sure that only one tab signs.' },
  workers: { name: 'Module workers', why: 'The node runs in one, apart from the page.' },
  indexeddb: { name: 'IndexedDB', why: 'Blocks and votes are kept in it.' },
  webrtc: { name: 'WebRTC', why: 'Tabs speak to each other over it.' },
}
