/**
 * The dashboard over a made-up network, for looking at pages and testing them without a node. Never part of the build.
 * `?state=`: healthy (default), stalled, empty, many (100 validators), offline, error, boot, unsupported, view (another tab runs the node).
 * `?evidence` shows a validator that contradicted itself; `?freeze` holds the time; `?new` is a browser without a key that has not been here.
 * Pages follow the hash: #/consensus?height=48200.
 */
import { createRoot } from 'react-dom/client'
import { App, buildApp } from '../../web/shell/app.tsx'
import { markStarted } from '../../web/store/started.ts'
import '../../web/styles/main.css'
import { createSampleHistory } from './hash-history.ts'
import { createSample } from './sample-node.ts'
import { isSampleState, type SampleOptions } from './sample-options.ts'

const query = new URLSearchParams(location.search)
const state = query.get('state') ?? 'healthy'
const options: SampleOptions = {
  state: isSampleState(state) ? state : 'healthy',
  frozen: query.has('freeze'),
  evidence: query.has('evidence'),
  newcomer: query.has('new'),
}
if (options.newcomer) localStorage.removeItem('aitbc.started')
else markStarted()

const sample = createSample(options)
if (options.frozen) {
  const openedMs = Date.now()
  Date.now = () => openedMs
}
const app = buildApp({
  connect: async () => sample,
  history: createSampleHistory(),
  support:
    options.state === 'unsupported'
      ? async () => ({ missing: ['webcrypto-ed25519', 'webrtc'], wakeLock: true })
      : async () => ({ missing: [], wakeLock: !options.newcomer }),
})
createRoot(document.getElementById('app')!).render(<App app={app} />)
