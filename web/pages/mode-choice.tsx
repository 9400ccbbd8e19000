import type { TabMode } from '../../node-core/node/wallet-api.ts'
import type { Act } from '../hooks/use-act.ts'
import { ErrorState } from '../ui/states.tsx'
import { ToggleGroup } from '../ui/toggle-group.tsx'

export interface ModeChoiceProps {
  readonly mode: TabMode
  readonly act: Act<{ mode: TabMode }, Record<string, never>>
  readonly onChoose: (mode: TabMode) => void
}

const CHOICES = [
  { value: 'light', words: 'Light node' },
  { value: 'observer', words: 'Observer' },
] as const

const MEANING: Readonly<Record<TabMode, string>> = {
  light:
    'Executes every block, keeps the newest, and may vote. It knows everything the pages show, and takes in every vote and transaction of the network.',
  observer:
    'Checks the certificate of each block, and proofs of what you ask. For a phone: little data, little work. It cannot vote, and pages about votes, validators and the inside of blocks have nothing to show. Sending and receiving work.',
}

/** What this browser's node is, with what each costs and gives; it starts again at once. */
export function ModeChoice({ mode, act, onChoose }: ModeChoiceProps) {
  return (
    <>
      <ToggleGroup
        label="What this tab is"
        choices={CHOICES}
        value={mode}
        onChange={(next) => {
          if (next !== mode && !act.busy) onChoose(next)
        }}
      />
      <p className="mt-2 max-w-[60ch] text-sm text-ink-2">{MEANING[mode]}</p>
      <p className="mt-1 text-sm" role="status">
        {act.busy && 'The node stops and starts again in the other mode; what it knew is kept.'}
      </p>
      {act.error !== null && (
        <ErrorState
          error={act.error}
          what="the change of mode"
          done="The choice is kept; the node tries it again by itself."
        />
      )}
    </>
  )
}
