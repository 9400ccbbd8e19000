/** The mesh's address book on the node's own store. */
import type { Storage } from '../ports/storage.ts'
import type { KnownPeersStore } from './mesh-driver.ts'
import { loadKnownPeers, saveKnownPeers } from './repositories.ts'

export function knownPeersStore(storage: Storage): KnownPeersStore {
  return {
    load: async () => {
      const text = await loadKnownPeers(storage)
      try {
        return text === null ? null : JSON.parse(text)
      } catch {
        return null
      }
    },
    save: (known) => saveKnownPeers(storage, JSON.stringify(known)),
  }
}
