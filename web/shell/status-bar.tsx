import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { NodeStatus } from '../../node-core/node/node-api.ts'
import { useConnection, useNode } from '../hooks/node-context.tsx'
import { useHealth } from '../hooks/use-health.ts'
import { capital, integer } from '../i18n/format.ts'
import { createAnnouncer } from '../store/announcer.ts'
import { bytesWords } from '../ui/amount-words.ts'
import { ageWords, spanWords } from '../ui/time-words.ts'

/** A clock further off than this is said in amber: proposals of such a tab would be refused. */
const CLOCK_WARN_MS = 500
/** A block older than this, without a known reason, is said in amber. */
const LATE_BLOCK_MS = 10_000

/** Role, height, age of the last block, peers, round; at the right clock, storage, network. Unwell items are links. */
export function StatusBar() {
  const status = useNode((state) => state.status)
  const failed = useNode((state) => state.failed)
  return (
    <footer className="status">
      {status === null ? (
        <span className={failed === null ? undefined : 'bad'}>
          {failed === null ? 'Reaching the node' : 'The node does not answer'}
        </span>
      ) : (
        <Items status={status} />
      )}
      <Announcements />
    </footer>
  )
}

function Items({ status }: { readonly status: NodeStatus }) {
  const head = useNode((state) => state.blocks.at(-1) ?? null)
  const nowMs = useNode((state) => state.nowMs)
  const round = useNode((state) => state.consensus?.round ?? 0)
  const paused = useNode((state) => state.paused)
  const behind = useNode((state) => state.behindBlocks)
  const health = useHealth()
  const late = head !== null && nowMs - head.timestampMs > LATE_BLOCK_MS
  const peers = status.peers.direct + status.peers.relayed
  const tone = health.tone === 'normal' ? undefined : health.tone
  return (
    <>
      <Role status={status} nowMs={nowMs} />
      {paused && (
        <span className="warn">
          Paused, <b>{integer(behind)}</b> {behind === 1 ? 'block' : 'blocks'} behind
        </span>
      )}
      {health.short !== null && (
        <Link to="/" className={tone}>
          <b>{capital(health.short)}</b>
        </Link>
      )}
      <span>
        Height <b>{head === null ? 'none' : integer(head.height)}</b>
      </span>
      {head !== null && (
        <span className={late ? 'warn' : undefined}>
          Last block <b>{ageWords(head.timestampMs, nowMs)}</b>
        </span>
      )}
      <Link to="/mesh" className={peers === 0 ? 'bad' : undefined}>
        <b>{peers}</b> peers, {status.peers.direct} direct
      </Link>
      <Link to="/consensus" className={round > 0 ? 'warn' : undefined}>
        Round <b>{round}</b>
      </Link>
      <span className="right" />
      <Right status={status} />
    </>
  )
}

const STATE_WORDS: Readonly<Record<NodeStatus['phase'], string>> = {
  starting: 'starting',
  connecting: 'looking for peers',
  syncing: 'catching up',
  running: '',
  halted: 'halted',
}

function Role({ status, nowMs }: { readonly status: NodeStatus; readonly nowMs: number }) {
  // Asked at every tick of the clock: this tab takes over when the other one closes.
  const elsewhere = useConnection()?.role === 'view'
  const since = status.validator?.onWatchSinceMs ?? null
  const signing = status.validator?.signing === true
  const what =
    status.phase !== 'running'
      ? STATE_WORDS[status.phase]
      : signing && since !== null
        ? `on watch for ${spanWords(Math.max(0, nowMs - since))}`
        : `for ${spanWords(Math.max(0, nowMs - status.startedAtMs))}`
  return (
    <span className={status.phase === 'halted' ? 'bad' : undefined}>
      <i className="dot" />
      <b>{capital(status.mode)}</b> {elsewhere && 'in another tab, '}
      {what}
    </span>
  )
}

function Right({ status }: { readonly status: NodeStatus }) {
  const { storage, clockOffsetMs } = status
  return (
    <>
      {clockOffsetMs !== null && (
        <Link to="/node" className={`lesser ${Math.abs(clockOffsetMs) > CLOCK_WARN_MS ? 'warn' : ''}`}>
          Clock ±<b>{integer(Math.abs(Math.round(clockOffsetMs)))} ms</b>
        </Link>
      )}
      {storage.usedBytes !== null && (
        <Link to="/node" className="lesser">
          Storage <b>{bytesWords(storage.usedBytes)}</b> {storage.persistent === true ? 'kept' : 'not kept'}
        </Link>
      )}
      <span className="lesser">{status.chainId}</span>
    </>
  )
}

/** The one polite live region of the page: changes of health, at most one message in 5 s. */
function Announcements() {
  const health = useHealth()
  const [said, setSaid] = useState('')
  const announcer = useRef(createAnnouncer())
  const wasUnwell = useRef(false)
  const short = health.short
  useEffect(() => {
    if (short === null && !wasUnwell.current) return
    wasUnwell.current = short !== null
    const wait = announcer.current.offer(
      short === null ? 'The chain is healthy again' : capital(short),
      Date.now(),
    )
    if (wait === null) return
    const timer = setTimeout(() => setSaid((before) => announcer.current.next(Date.now()) ?? before), wait)
    return () => clearTimeout(timer)
  }, [short])
  return (
    <p className="sr" role="status" aria-live="polite">
      {said}
    </p>
  )
}
