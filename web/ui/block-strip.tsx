import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, memo, useRef, useState } from 'react'
import type { BlockSummary, ConsensusView } from '../../node-core/node/node-api.ts'
import { integer, millisecondsShort, percent, percentOf } from '../i18n/format.ts'
import { formingFraction } from '../store/derive.ts'
import { Disc } from './disc.tsx'

/** Past blocks in the strip. */
const SHOWN = 20
const LOAD_PX = 40

export interface BlockStripProps {
  /** Oldest first. */
  readonly blocks: readonly BlockSummary[]
  readonly forming: ConsensusView | null
}

/** The last 20 blocks on a line, and the forming one apart, at the right, large. */
export function BlockStrip({ blocks, forming }: BlockStripProps) {
  const past = blocks.slice(-SHOWN)
  const most = Math.max(1, ...past.map((block) => block.transactionCount ?? 0))
  const line = useRef<HTMLDivElement>(null)
  const last = past.at(-1)?.height
  const [first] = useState(last)
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    const links = [...(line.current?.querySelectorAll('a') ?? [])]
    const at = links.indexOf(document.activeElement as HTMLAnchorElement)
    if (by === 0 || at < 0) return
    event.preventDefault()
    links[at + by]?.focus()
  }
  return (
    <div className="strip">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys only move between the links inside */}
      <div className="past" ref={line} onKeyDown={step}>
        {/* Another animation of the same drift with each block: it starts again, and the blocks keep their elements and focus. */}
        <div className={last === first ? 'row' : `row ${(last ?? 0) % 2 === 0 ? 'drift' : 'drift-on'}`}>
          {past.map((block) => (
            <PastBlock key={block.height} block={block} most={most} tabbable={block.height === last} />
          ))}
        </div>
      </div>
      {forming !== null && <Forming forming={forming} />}
    </div>
  )
}

interface PastBlockProps {
  readonly block: BlockSummary
  readonly most: number
  readonly tabbable: boolean
}

const PastBlock = memo(function PastBlock({ block, most, tabbable }: PastBlockProps) {
  const later = block.round > 0
  const took = block.decisionMs === null ? 'not seen here' : `${integer(block.decisionMs)} ms`
  const count =
    block.transactionCount === null
      ? 'transactions not known'
      : `${integer(block.transactionCount)} transactions`
  const words = `Block ${integer(block.height)}, ${block.proposerName === '' ? '' : `${block.proposerName}, `}${took}, ${count}${later ? `, decided in round ${block.round}` : ''}${block.ownCommit === true ? ', with this tab’s vote' : ''}`
  return (
    <Link
      className={later ? 'blk later' : 'blk'}
      to="/consensus"
      search={{ height: block.height } as never}
      title={words}
      tabIndex={tabbable ? 0 : -1}
    >
      <span className="sr">{words}</span>
      <span className="load">
        <i style={{ height: ((block.transactionCount ?? 0) / most) * LOAD_PX }} />
      </span>
      <span className="seat">
        <Disc share={1} radius={8} decided laterRound={later} />
      </span>
      <span
        className={block.ownCommit === true ? 'own' : block.ownCommit === false ? 'own no' : 'own none'}
      />
      <b aria-hidden>{String(block.height).slice(-3).padStart(3, '0')}</b>
      <small aria-hidden>{block.decisionMs === null ? '·' : millisecondsShort(block.decisionMs)}</small>
    </Link>
  )
})

function Forming({ forming }: { readonly forming: ConsensusView }) {
  const decided = forming.committedMs !== null
  const elapsed = forming.committedMs ?? forming.nowMs - forming.startedAtMs
  const span = elapsed < 1000 ? `${integer(elapsed)} ms` : millisecondsShort(elapsed)
  return (
    <Link className="forming" to="/consensus">
      <Disc
        share={formingFraction(forming)}
        radius={40}
        decided={decided}
        quorum
        label={`${percent(forming.commitPower)} of power has committed`}
      />
      <span className="t">
        <span className="lab">
          {decided ? 'Final' : 'Forming'}
          {forming.round > 0 && `, round ${forming.round}`}
        </span>
        <b>{integer(forming.height)}</b>
        <span className="nw">
          commit {percentOf(forming.commitPower)} of {percent(forming.quorumPower)}
        </span>
        <br />
        <span className="faint nw">
          by {forming.proposerName}, {decided ? `final after ${span}` : span}
        </span>
      </span>
    </Link>
  )
}

/** What the marks of the strip mean. */
export function BlockStripKey({ withOwn }: { readonly withOwn: boolean }) {
  return (
    <div className="key mt-2.5">
      <span>
        <Disc share={1} radius={5} decided />
        final
      </span>
      {withOwn && (
        <span>
          <i className="dot" style={{ width: 6, height: 6 }} />
          this tab’s vote in it
        </span>
      )}
      <span>
        <Disc share={1} radius={5} decided laterRound />
        second round
      </span>
      <span>
        <i className="swatch" style={{ width: 8, height: 12, background: 'var(--unlit)' }} />
        transactions
      </span>
      <span className="hide-phone">numbers below: height, and ms until final as this tab saw it</span>
    </div>
  )
}
