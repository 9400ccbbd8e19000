import { Link } from '@tanstack/react-router'
import { Bell, TriangleAlert } from 'lucide-react'
import type { AlertView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useAlertRules } from '../../hooks/use-alert-rules.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age, useNow } from '../../ui/time.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { distributionRows, THREAT_WORDS } from '../economy/economy-words.ts'
import { useNames } from '../use-names.ts'
import { alertAction, alertPath, alertWords, headSentence, lastedWords } from './alert-words.ts'
import { RulesSection } from './rules-section.tsx'

type Shown = 'waiting' | 'all'

/** Changes with epochs and blocks, ms. */
const SLOW_MS = 5_000

const TONES = { low: 'info', medium: 'warn', high: 'bad', critical: 'bad' } as const

export function AlertsPage() {
  const query = useQuery('alert_list', {})
  const live = useNode((state) => state.alerts)
  const [rules, store] = useAlertRules()
  const [shown, setShown] = useUrlState<Shown>('show', 'waiting')
  const all = merged(live, query.data?.alerts ?? [])
  const waiting = all.filter((alert) => !rules.seen.includes(alert.id))
  const listed = shown === 'waiting' ? waiting : all
  return (
    <>
      <PageHead
        title="Alerts"
        sentence={query.data === null ? 'Reading what was noticed.' : headSentence(waiting.length)}
        why="Told by this node’s detectors, by evidence and by what the chain punished."
        end={
          waiting.length > 0 && (
            <div className="btns self-end">
              <Button onClick={() => store.markSeen(waiting.map((alert) => alert.id))}>All looked at</Button>
            </div>
          )
        }
      />
      <div className="cols mt-2" style={{ gridTemplateColumns: 'minmax(0,1fr) 316px' }}>
        <div className="min-w-0">
          <Section
            title="Noticed"
            end={
              <ToggleGroup<Shown>
                label="Which alerts"
                value={shown}
                onChange={setShown}
                choices={[
                  { value: 'waiting', words: `Waiting ${integer(waiting.length)}` },
                  { value: 'all', words: `All ${integer(all.length)}` },
                ]}
              />
            }
          >
            <States query={query} what="the alerts" skeletonRows={4}>
              {() =>
                listed.length === 0 ? (
                  <Empty
                    sentence={shown === 'waiting' ? 'Nothing waits.' : 'Nothing was noticed yet.'}
                    line="Equivocation, absence, concentration, odd fees and the like stand here as they are noticed."
                  />
                ) : (
                  <ul className="list text-sm">
                    {listed.map((alert) => (
                      <li key={alert.id}>
                        <Alert
                          alert={alert}
                          seen={rules.seen.includes(alert.id)}
                          onSeen={() => store.markSeen([alert.id])}
                        />
                      </li>
                    ))}
                  </ul>
                )
              }
            </States>
          </Section>
        </div>
        <div className="min-w-0">
          <RulesSection />
          <Distribution />
        </div>
      </div>
    </>
  )
}

/** Figures that are read beside alerts; nothing before the node has them. */
function Distribution() {
  const { data } = useQuery('economy_attacks', {}, SLOW_MS)
  if (data === null) return null
  return (
    <Section title="How evenly it is shared">
      <KeyValues rows={distributionRows(data.distribution)} />
    </Section>
  )
}

/** What came live is newer than what was read. */
function merged(live: readonly AlertView[], read: readonly AlertView[]): AlertView[] {
  const byId = new Map([...read, ...live].map((alert) => [alert.id, alert]))
  return [...byId.values()].sort((a, b) => b.atMs - a.atMs)
}

function Alert({
  alert,
  seen,
  onSeen,
}: {
  readonly alert: AlertView
  readonly seen: boolean
  readonly onSeen: () => void
}) {
  const { wordsFor } = useNames()
  const now = useNow()
  const Icon = alert.active ? TriangleAlert : Bell
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Icon size={16} className={`flex-none ${alert.active ? 'text-warn' : 'text-ink-3'}`} aria-hidden />
      <span className="min-w-0 flex-1 basis-48">
        <Link className="more whitespace-normal" to={alertPath(alert)}>
          {alertWords(alert, wordsFor)}
        </Link>
        {alert.active && <span className="block text-xs text-ink-2">{alertAction(alert.kind)}</span>}
        <span className="block text-xs text-ink-3">
          <Age atMs={alert.atMs} />, {lastedWords(alert, now)}
        </span>
      </span>
      <span className="flex items-center gap-x-4 max-phone:w-full max-phone:pl-8">
        <Tag tone={alert.active ? TONES[alert.level] : 'neutral'}>{THREAT_WORDS[alert.level]}</Tag>
        {seen ? (
          <span className="lab w-24 text-right">looked at</span>
        ) : (
          <Button look="quiet" size="small" onClick={onSeen}>
            Looked at
          </Button>
        )}
      </span>
    </div>
  )
}
