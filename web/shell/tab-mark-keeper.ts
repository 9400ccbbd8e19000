import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { PAGES } from '../actions/shell-actions.ts'
import { useNode, useNodeStore } from '../hooks/node-context.tsx'
import { useHealth } from '../hooks/use-health.ts'
import { formingFraction } from '../store/derive.ts'
import { TAB_COLOURS, tabIcon, tabTitle } from './tab-mark.ts'

const ICON_EVERY_MS = 1000

/** Keeps the browser's tab row true: title on each block, icon at most once a second. Shows nothing, so that nothing is drawn again with it. */
export function TabMarkKeeper(): null {
  const store = useNodeStore()
  const headHeight = useNode((state) => state.blocks.at(-1)?.height ?? null)
  const reason = useHealth().short
  const path = useRouterState({ select: (state) => state.location.pathname })
  const page = PAGES.find((candidate) => candidate.to !== '/' && path.startsWith(candidate.to))?.name ?? null
  useEffect(() => {
    document.title = tabTitle({ headHeight, reason, page })
  }, [headHeight, reason, page])

  const shown = useRef('')
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (link === null) return
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const timer = setInterval(() => {
      const icon = tabIcon(
        formingFraction(store.getState().consensus),
        TAB_COLOURS[dark.matches ? 'dark' : 'light'],
      )
      if (icon === shown.current) return
      shown.current = icon
      link.href = icon
    }, ICON_EVERY_MS)
    return () => clearInterval(timer)
  }, [store])
  return null
}
