/** The tab's icon and title: the live disc and the height, drawn into the browser's own tab row. */
import { integer } from '../i18n/format.ts'
import { litPath, quorumPath } from '../ui/disc-path.ts'

const NAME = 'AITBC mesh'
const SIZE = 32
const RADIUS = 14

export interface TabColours {
  readonly lit: string
  readonly unlit: string
  readonly line: string
}

/** Fixed pairs, because a page's colours are not known inside of an icon; by the system's theme, which the tab row follows. */
export const TAB_COLOURS: Readonly<Record<'light' | 'dark', TabColours>> = {
  light: { lit: '#1d3a4b', unlit: '#d5dfe2', line: '#7d8f97' },
  dark: { lit: '#f1e8d1', unlit: '#20323b', line: '#6d7f87' },
}

/** A data URL of the disc with this share lit, 0 to 1. */
export function tabIcon(share: number, colours: TabColours): string {
  const c = SIZE / 2
  const lit = litPath(share, c, RADIUS)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}"><circle cx="${c}" cy="${c}" r="${RADIUS}" fill="${colours.unlit}" stroke="${colours.line}"/><path d="${lit}" fill="${colours.lit}"/><path d="${quorumPath(c, RADIUS)}" fill="none" stroke="${colours.line}" stroke-width="1.5"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

export interface TabTitle {
  readonly headHeight: number | null
  /** Reason in a few words when the chain is not well. */
  readonly reason: string | null
  /** null on Overview. */
  readonly page: string | null
}

/** "48,217 · AITBC mesh", "48,217 · Consensus · AITBC mesh"; unwell: the reason comes first. */
export function tabTitle({ headHeight, reason, page }: TabTitle): string {
  const first =
    reason === null
      ? headHeight === null
        ? null
        : integer(headHeight)
      : reason.slice(0, 1).toUpperCase() + reason.slice(1)
  return [first, page, NAME].filter((part) => part !== null).join(' · ')
}
