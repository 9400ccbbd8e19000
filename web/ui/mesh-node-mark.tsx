import type { ReactNode } from 'react'
import type { MeshNode, Point } from './mesh-layout.ts'

export interface MeshNodeMarkProps {
  readonly node: MeshNode
  readonly at: Point
  readonly own: boolean
  readonly silent: boolean
  readonly lit: boolean
  readonly onLit: (peer: string | null) => void
}

/** One node: the shape says the role, a ring says that it is the one meant. Names stand over validators and relays. */
export function MeshNodeMark({ node, at, own, silent, lit, onLit }: MeshNodeMarkProps) {
  const name = node.name ?? (node.role === 'relay' ? 'relay' : null)
  const named = node.role === 'validator' || node.role === 'relay' || silent
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only highlights; the table's rows do the same for keys
    <g
      transform={`translate(${at.x.toFixed(2)} ${at.y.toFixed(2)})`}
      onMouseEnter={() => onLit(own ? null : node.peer)}
    >
      {lit && <circle r="14" className="fill-none stroke-ink-2 stroke-[1.2]" />}
      <circle r="14" className="fill-transparent" />
      <Shape role={node.role} hop={node.hop} own={own} silent={silent} />
      {named && !own && name !== null && (
        <text
          y={lit ? -19 : -14}
          textAnchor="middle"
          className="fill-ink-2 text-[11.5px] font-medium"
          paintOrder="stroke"
          stroke="var(--sheet)"
          strokeWidth={4}
          strokeLinejoin="round"
        >
          {name}
        </text>
      )}
    </g>
  )
}

function Shape({ role, hop, own, silent }: { role: string; hop: number; own: boolean; silent: boolean }) {
  if (own) {
    return (
      <>
        <circle r="15" className="fill-sheet" />
        <circle r="13" className="fill-none stroke-you stroke-2" />
        <circle r="7" className="fill-you" />
      </>
    )
  }
  if (silent) return <circle r="8" className="fill-sheet stroke-bad stroke-[1.5]" strokeDasharray="3 2.4" />
  if (role === 'relay')
    return <path d="M-8 0L0-8 8 0 0 8z" className="fill-sheet stroke-ink-2 stroke-[1.5]" />
  if (hop === 3) return <circle r="2.5" className="fill-line-strong" />
  if (role === 'validator') return <circle r="9" className="fill-lit" />
  if (role === 'full') {
    return (
      <>
        <circle r="8" className="fill-sheet stroke-lit stroke-[1.5]" />
        <path d="M0-8A8 8 0 0 0 0 8z" className="fill-lit" />
      </>
    )
  }
  if (role === 'light') return <circle r="5.5" className="fill-sheet stroke-lit stroke-[1.4]" />
  return <circle r="4.5" className="fill-sheet stroke-line-strong stroke-[1.2]" />
}

const KEY_MARK_PX = 12

/** What the shapes mean, under the graph. */
export function MeshKey() {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2 text-xs text-ink-3">
      <KeyItem name="this tab">
        <circle cx="6" cy="6" r="4" className="fill-you" />
      </KeyItem>
      <KeyItem name="validator">
        <circle cx="6" cy="6" r="5" className="fill-lit" />
      </KeyItem>
      <KeyItem name="full">
        <circle cx="6" cy="6" r="5" className="fill-none stroke-lit stroke-[1.4]" />
        <path d="M6 1A5 5 0 0 0 6 11z" className="fill-lit" />
      </KeyItem>
      <KeyItem name="light">
        <circle cx="6" cy="6" r="4.5" className="fill-sheet stroke-lit stroke-[1.4]" />
      </KeyItem>
      <KeyItem name="observer">
        <circle cx="6" cy="6" r="4" className="fill-sheet stroke-line-strong stroke-[1.2]" />
      </KeyItem>
      <KeyItem name="relay">
        <path d="M1 6L6 1l5 5-5 5z" className="fill-sheet stroke-ink-2 stroke-[1.5]" />
      </KeyItem>
      <KeyItem name="no answer">
        <circle
          cx="6"
          cy="6"
          r="4.5"
          className="fill-sheet stroke-bad stroke-[1.4]"
          strokeDasharray="2.4 2"
        />
      </KeyItem>
      <KeyItem name="heard of">
        <circle cx="6" cy="6" r="2.5" className="fill-line-strong" />
      </KeyItem>
    </div>
  )
}

function KeyItem({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg width={KEY_MARK_PX} height={KEY_MARK_PX} aria-hidden="true">
        {children}
      </svg>
      {name}
    </span>
  )
}
