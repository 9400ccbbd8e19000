import { Download } from 'lucide-react'
import { useEffect } from 'react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { bytesWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Section } from '../../ui/section.tsx'
import { ErrorState, States } from '../../ui/states.tsx'
import { channelsWords, flatten, usedShare, withoutSecrets } from './node-words.ts'

/** From here on the share of the quota departs from normal. */
const NEARLY_FULL = 0.9

export function StorageSection({ storage }: { storage: NodeStatus['storage'] }) {
  const act = useAct('node_persist')
  const { reset } = act
  // An answer holds until the browser says otherwise: the grant may be taken back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it changes
  useEffect(reset, [storage.persistent])
  const share = usedShare(storage)
  const persistent = act.result?.persistent ?? storage.persistent
  return (
    <Section title="Storage">
      {share !== null && storage.usedBytes !== null && storage.quotaBytes !== null && (
        // biome-ignore lint/a11y/useSemanticElements: the meter element cannot be drawn alike in all browsers
        <div
          className="meter mb-2"
          role="meter"
          aria-label="Storage in use"
          aria-valuemin={0}
          aria-valuemax={storage.quotaBytes}
          aria-valuenow={storage.usedBytes}
          aria-valuetext={`${bytesWords(storage.usedBytes)} of ${bytesWords(storage.quotaBytes)}`}
        >
          <i style={{ width: `${Math.max(0.5, share * 100)}%` }} />
        </div>
      )}
      <KeyValues
        rows={[
          [
            'Used',
            storage.usedBytes === null ? 'not said' : bytesWords(storage.usedBytes),
            share !== null && share > NEARLY_FULL ? 'text-warn' : undefined,
          ],
          [
            'Quota of this browser',
            storage.quotaBytes === null ? 'not said' : bytesWords(storage.quotaBytes),
          ],
          [
            'Kept when space is short',
            persistent === null ? 'not said' : persistent ? 'yes' : 'no',
            persistent === false ? 'text-warn' : undefined,
          ],
        ]}
      />
      {storage.trouble !== null && (
        <p className="mt-2 text-sm text-bad" role="status">
          {storage.trouble.code === 'storage-full'
            ? 'There is no room left. Nothing is decided or signed here until there is; reading goes on, and it resumes by itself.'
            : 'The storage cannot be reached any more: the browser may have cleared it. Nothing more is stored or signed here. What is on the chain, money and stake, is not touched; keys that were cleared come back from their backup alone. Load the page again: if it begins anew, take “I have a backup”.'}
        </p>
      )}
      {persistent !== true && (
        <>
          <p className="mt-2 text-sm text-ink-2">
            Without the grant the browser may clear blocks and keys when space is short. It asks you, or
            decides by how often you come here.
          </p>
          <div className="btns mt-3">
            <Button busy={act.busy ? 'Asking…' : null} onClick={() => void act.run({})}>
              Ask to keep it
            </Button>
          </div>
          {act.result?.persistent === false && (
            <p className="mt-2 text-sm text-warn">
              The browser said no. Adding this page to the home screen or the bookmarks often helps.
            </p>
          )}
          {act.error !== null && (
            <ErrorState error={act.error} what="the grant" done="Storage is as it was." />
          )}
        </>
      )}
    </Section>
  )
}

export function TransportSection({ status }: { status: NodeStatus }) {
  const connected = status.relays.filter((relay) => relay.connected).length
  return (
    <Section title="Transport" className="!mt-1 max-wide:!mt-6">
      <KeyValues
        rows={[
          ['Peer id', <Id key="peer" value={status.peerId} kind="peer id" />],
          ['Data channels', channelsWords(status.transport.channels)],
          ['Workers that verify', integer(status.transport.verifyWorkers)],
          ['Peers', `${integer(status.peers.direct)} direct, ${integer(status.peers.relayed)} relayed`],
          [
            'Relays',
            status.relays.length === 0 ? 'none' : `${connected} of ${status.relays.length} connected`,
            status.relays.length > 0 && connected === 0 ? 'text-warn' : undefined,
          ],
          ...status.relays.map(
            (relay) =>
              [
                <Id key={relay.address} value={relay.address} kind="relay address" />,
                relay.connected ? 'connected' : 'not reached',
                relay.connected ? undefined : 'text-warn',
              ] as const,
          ),
          [
            'Clock, against the peers',
            status.clockOffsetMs === null
              ? 'not known'
              : `${status.clockOffsetMs > 0 ? '+' : ''}${integer(Math.round(status.clockOffsetMs))} ms`,
          ],
          ['Genesis', <Id key="genesis" value={status.genesisHash} kind="genesis hash" />],
        ]}
      />
    </Section>
  )
}

export function ConfigurationSection() {
  const query = useQuery('node_config', {}, 'once')
  const save = (config: Readonly<Record<string, unknown>>) =>
    saveFile('aitbc-configuration.json', `${JSON.stringify(withoutSecrets(config), null, 2)}\n`)
  return (
    <Section
      title="Configuration"
      end={
        query.data !== null && (
          <Button
            size="small"
            icon={<Download size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => save(query.data)}
          >
            Export
          </Button>
        )
      }
    >
      <States query={query} what="the configuration">
        {(config) => (
          <KeyValues
            rows={flatten(withoutSecrets(config)).map(({ name, value }) => [
              <code key={name} className="font-mono text-xs">
                {name}
              </code>,
              <span key={value} className="break-all">
                {value}
              </span>,
            ])}
          />
        )}
      </States>
    </Section>
  )
}
