import { describe, expect, it } from 'vitest'
import { findMatch } from './match.ts'
import { TAB_COLOURS, tabIcon, tabTitle } from './tab-mark.ts'

describe('the browser’s tab row', () => {
  it('shows the height, then the page', () => {
    expect(tabTitle({ headHeight: 48_217, reason: null, page: null })).toBe('48,217 · AITBC mesh')
    expect(tabTitle({ headHeight: 48_217, reason: null, page: 'Consensus' })).toBe(
      '48,217 · Consensus · AITBC mesh',
    )
    expect(tabTitle({ headHeight: null, reason: null, page: null })).toBe('AITBC mesh')
  })

  it('shows the reason first when the chain is not well', () => {
    expect(tabTitle({ headHeight: 48_217, reason: 'stalled, 50.9 % heard', page: null })).toBe(
      'Stalled, 50.9 % heard · AITBC mesh',
    )
  })

  it('draws another disc for another share', () => {
    const icon = (share: number) => tabIcon(share, TAB_COLOURS.light)
    expect(icon(0.2)).not.toBe(icon(0.6))
    expect(decodeURIComponent(icon(0.6))).toContain('<path d="M16 2A14 14')
  })
})

describe('the matched part of a result', () => {
  it('passes over commas between digits and the case', () => {
    expect(findMatch('48,218', '482')).toEqual([0, 4])
    expect(findMatch('Bodø', 'bO')).toEqual([0, 2])
    expect(findMatch('Tern', 'x')).toBeNull()
    expect(findMatch('Tern', ' ')).toBeNull()
  })
})
