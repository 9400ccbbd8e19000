import { Link } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { DetectorView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { Section } from '../../ui/section.tsx'
import { Tag } from '../../ui/tag.tsx'
import { spanWords } from '../../ui/time-words.ts'
import {
  ACTION_WORDS,
  ATTACK_WORDS,
  detectorsSentence,
  measured,
  RESPONSE_WORDS,
  THREAT_WORDS,
} from './economy-words.ts'

/** What looks like an attack, by the recent chain and this node's own view: those that speak first. */
export function DetectorsSection({ detectors }: { readonly detectors: readonly DetectorView[] }) {
  const [open, setOpen] = useUrlState<string>('detector', '')
  const sorted = detectors.toSorted((a, b) => Number(b.threat !== null) - Number(a.threat !== null))
  return (
    <Section title="Attack detection" note={detectorsSentence(detectors)}>
      <ul className="list text-sm">
        {sorted.map((detector) => (
          <li key={detector.type}>
            <Detector
              detector={detector}
              open={open === detector.type}
              onToggle={() => setOpen(open === detector.type ? '' : detector.type)}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Detector({
  detector,
  open,
  onToggle,
}: {
  readonly detector: DetectorView
  readonly open: boolean
  readonly onToggle: () => void
}) {
  const { name, what } = ATTACK_WORDS[detector.type]
  const share = detector.threshold === 0 ? 0 : Math.min(1, detector.value / detector.threshold)
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="w-6" aria-hidden>
          {detector.threat === null ? (
            <CircleCheck size={16} className="text-ink-3" />
          ) : (
            <TriangleAlert size={16} className="text-warn" />
          )}
        </span>
        <span className="min-w-40 grow">
          <b className="font-strong">{name}</b>
          <span className="block text-xs text-ink-3">{what}</span>
        </span>
        <span className="w-36 text-xs text-ink-2">
          {measured(detector)}
          <span className="meter mt-1 block">
            <i style={{ width: `${share * 100}%` }} />
          </span>
        </span>
        {detector.threat === null ? (
          <span className="lab w-24">silent</span>
        ) : (
          <Tag tone={detector.threat === 'low' ? 'info' : detector.threat === 'medium' ? 'warn' : 'bad'}>
            {THREAT_WORDS[detector.threat]}
          </Tag>
        )}
        <Button
          look="quiet"
          size="small"
          aria-expanded={open}
          aria-label={`${open ? 'Less' : 'More'} about what “${name}” rests on`}
          onClick={onToggle}
        >
          {open ? 'Less' : 'More'}
        </Button>
      </div>
      {open && <Evidence detector={detector} />}
    </>
  )
}

function Evidence({ detector }: { readonly detector: DetectorView }) {
  const { type, evidence, heights, suspects, windowMs, response } = detector
  return (
    <div className="mt-2 ml-10">
      <KeyValues
        rows={[
          ['Looks at', `the last ${spanWords(windowMs)}`],
          ['The chain’s answer', RESPONSE_WORDS[response]],
          ['What you can do', ACTION_WORDS[type]],
          ...evidence.map(({ label, value }) => [label, value] as const),
          ...(suspects.length === 0
            ? []
            : [
                [
                  'Who',
                  <span key="who" className="flex flex-wrap gap-2">
                    {suspects.map((address) => (
                      <Id key={address} value={address} kind="address" />
                    ))}
                  </span>,
                ] as const,
              ]),
          ...(heights.length === 0
            ? []
            : [
                [
                  'Blocks',
                  <span key="blocks" className="flex flex-wrap gap-2">
                    {heights.map((height) => (
                      <Link key={height} className="more underline" to={`/explorer/block/${height}`}>
                        {integer(height)}
                      </Link>
                    ))}
                  </span>,
                ] as const,
              ]),
        ]}
      />
    </div>
  )
}
