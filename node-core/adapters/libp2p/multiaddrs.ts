/** Whether text is an address that libp2p can dial or listen on. */
import { multiaddr } from '@multiformats/multiaddr'

export function isMultiaddr(text: string): boolean {
  try {
    return multiaddr(text).getComponents().length > 0
  } catch {
    return false
  }
}
