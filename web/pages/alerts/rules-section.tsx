import { useId, useState } from 'react'
import type { ThreatLevel } from '../../../node-core/node/node-api.ts'
import { useAlertRules } from '../../hooks/use-alert-rules.ts'
import { LEVELS } from '../../store/alert-rules.ts'
import { askForNotifications, showNotification } from '../../store/notifications.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { THREAT_WORDS } from '../economy/economy-words.ts'
import { minuteWords, readMinute } from './alert-words.ts'

const OFF = 'off'
const NIGHT = { from: 22 * 60, to: 7 * 60 }

/** Who is to be told of what, and when not. Permission is asked for with the first rule. */
export function RulesSection() {
  const [rules, store] = useAlertRules()
  const [refused, setRefused] = useState<string | null>(null)
  const levelId = useId()
  const choose = async (value: string) => {
    if (value === OFF) return store.setNotifyFrom(null)
    const permission = await askForNotifications()
    setRefused(permission === 'granted' ? null : permission)
    store.setNotifyFrom(permission === 'granted' ? (value as ThreatLevel) : null)
  }
  return (
    <Section title="Notifications">
      <label className="lab" htmlFor={levelId}>
        Tell me of
      </label>
      <select
        id={levelId}
        className="input mt-1 w-full"
        value={rules.notifyFrom ?? OFF}
        onChange={(event) => void choose(event.target.value)}
      >
        <option value={OFF}>nothing</option>
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {level === 'critical' ? 'critical alerts' : `${THREAT_WORDS[level]} and above`}
          </option>
        ))}
      </select>
      {refused !== null && (
        <p className="mt-2 text-sm text-bad" role="alert">
          {refused === 'unsupported'
            ? 'This browser shows no notifications. Alerts stay in this list.'
            : 'The browser refused. Allow notifications for this page in its settings, then choose again.'}
        </p>
      )}
      <QuietHoursFields />
      {rules.notifyFrom !== null && (
        <div className="btns mt-3">
          <Button onClick={() => void showNotification('A test', 'Notifications arrive like this one.')}>
            Send a test
          </Button>
        </div>
      )}
      <p className="mt-3 text-xs text-ink-3">
        Kept in this browser. Shown while a tab of this app is open, also in the background.
      </p>
    </Section>
  )
}

function QuietHoursFields() {
  const [{ quiet }, store] = useAlertRules()
  const id = useId()
  const change = (part: 'from' | 'to', text: string) => {
    const minute = readMinute(text)
    if (quiet !== null && minute !== null) store.setQuiet({ ...quiet, [part]: minute })
  }
  return (
    <fieldset className="mt-3">
      <label className="flex min-h-6 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={(event) => store.setQuiet(event.target.checked ? NIGHT : null)}
        />
        Quiet hours
      </label>
      {quiet !== null && (
        <div className="mt-2 flex items-center gap-2 text-sm">
          <input
            id={`${id}-from`}
            className="input"
            type="time"
            aria-label="Quiet from"
            value={minuteWords(quiet.from)}
            onChange={(event) => change('from', event.target.value)}
          />
          to
          <input
            id={`${id}-to`}
            className="input"
            type="time"
            aria-label="Quiet until"
            value={minuteWords(quiet.to)}
            onChange={(event) => change('to', event.target.value)}
          />
        </div>
      )}
    </fieldset>
  )
}
