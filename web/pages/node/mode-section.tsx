import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import type { TabMode } from '../../../node-core/node/wallet-api.ts'
import { useAct } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { ModeChoice } from '../mode-choice.tsx'

/** The choice of mode; a tab that votes is asked before it stops to. */
export function ModeSection({ status }: { readonly status: NodeStatus }) {
  const act = useAct('node_mode')
  const [asking, setAsking] = useState(false)
  const change = (mode: TabMode) => {
    setAsking(false)
    void act.run({ mode })
  }
  const choose = (mode: TabMode) =>
    mode === 'observer' && status.validator !== null ? setAsking(true) : change(mode)
  return (
    <Section title="Mode" className="!mt-1">
      <div id="mode">
        <ModeChoice mode={status.mode === 'observer' ? 'observer' : 'light'} act={act} onChoose={choose} />
      </div>
      {asking && <StopVoting onClose={() => setAsking(false)} onObserve={() => change('observer')} />}
    </Section>
  )
}

interface StopVotingProps {
  readonly onClose: () => void
  readonly onObserve: () => void
}

function StopVoting({ onClose, onObserve }: StopVotingProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Stop voting?"
      lead="An observer signs nothing. While this tab observes, its validator is absent."
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep voting
          </Button>
          <Button look="danger" onClick={onObserve}>
            Observe, and stop voting
          </Button>
        </>
      }
    >
      <p className="text-sm">
        A validator that is absent for long loses standing, and in the end its place. To rest without that,{' '}
        <Link to="/validators" className="underline">
          pause or leave
        </Link>{' '}
        first; this choice does neither by itself.
      </p>
    </Dialog>
  )
}
