import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import type { SlashView, ValidatorView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Section } from '../../ui/section.tsx'
import { Age, useNow } from '../../ui/time.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import type { Names } from '../use-names.ts'
import { jailWords, slashWords } from './slash-words.ts'

export interface SlashLineProps {
  readonly validator: ValidatorView
  readonly slash: SlashView
  readonly names: Names
}

/** What it cost, who told of it, when, and the proof to take along. */
export function SlashLine({ validator, slash, names }: SlashLineProps) {
  const { height, reporter, proof, atMs } = slash
  const file = `slash-${height}-${validator.address}.json`
  return (
    <div className="min-w-0 flex-1 text-sm">
      <p>{slashWords(slash)}</p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
        <Age atMs={atMs} />
        <Link className="more underline underline-offset-3" to={`/explorer/block/${height}`}>
          block {integer(height)}
        </Link>
        <span>{reporter === null ? 'seen by the chain itself' : `told by ${names.wordsFor(reporter)}`}</span>
        {proof === null ? (
          <span>proof: the certificates themselves</span>
        ) : (
          <Button
            look="quiet"
            size="small"
            icon={<Download size={14} aria-hidden />}
            aria-label={`Download the proof against ${validator.name} of block ${integer(height)}`}
            onClick={() =>
              saveFile(file, `${JSON.stringify({ validator: validator.address, ...slash }, null, 2)}\n`)
            }
          >
            Proof
          </Button>
        )}
      </p>
    </div>
  )
}

/** Who is in jail or removed, and who was slashed, newest first. Nothing where nobody is. */
export function SlashesSection({
  validators,
  own,
  names,
}: {
  readonly validators: readonly ValidatorView[]
  readonly own: string | null
  readonly names: Names
}) {
  const now = useNow()
  const jailed = validators.flatMap((validator) => {
    const words = jailWords(validator, now)
    return words === null ? [] : [{ validator, words }]
  })
  const slashes = validators
    .flatMap((validator) => validator.slashes.map((slash) => ({ validator, slash })))
    .toSorted((a, b) => b.slash.height - a.slash.height)
  if (jailed.length === 0 && slashes.length === 0) return null
  const who = (validator: ValidatorView) => (
    <span className="w-40 flex-none max-phone:w-full">
      <ValidatorName address={validator.address} name={validator.name} own={own} />
    </span>
  )
  return (
    <Section title="Slashes and jail" note="as far as this node has the blocks">
      <ul className="list">
        {jailed.map(({ validator, words }) => (
          <li key={validator.address} className="flex flex-wrap gap-x-4 gap-y-1">
            {who(validator)}
            <p className="min-w-0 flex-1 self-center text-sm text-bad max-phone:basis-full">{words}</p>
          </li>
        ))}
        {slashes.map(({ validator, slash }) => (
          <li
            key={`${validator.address} ${slash.height} ${slash.offence}`}
            className="flex flex-wrap gap-x-4 gap-y-1"
          >
            {who(validator)}
            <SlashLine validator={validator} slash={slash} names={names} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
