import { PlugZap, QrCode, Unplug } from 'lucide-react'
import type { Action } from './action.ts'

/** What can be done about links; each opens its dialog on the Mesh page. */
export const meshActions: readonly Action[] = [
  {
    id: 'mesh.dial',
    group: 'Do',
    words: 'Dial a peer',
    icon: PlugZap,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/mesh?do=dial'),
  },
  {
    id: 'mesh.address',
    group: 'Do',
    words: 'Show my address for peers',
    icon: QrCode,
    enabled: (state) => state.status !== null,
    run: ({ navigate }) => navigate('/mesh?do=address'),
  },
  {
    id: 'mesh.relay',
    group: 'Do',
    words: (state) =>
      state.status?.relays.some((relay) => relay.connected) === false
        ? 'Come back to the relay'
        : 'Drop the relay',
    icon: Unplug,
    enabled: (state) => (state.status?.relays.length ?? 0) > 0,
    run: ({ navigate }) => navigate('/mesh?do=relay'),
  },
]
