import { useLayoutEffect, useState } from 'react'

/** Where focus stood outside of all dialogs: one of them may take the place of another. */
let outside: Element | null = null

/**
 * Gives where focus goes when a dialog closes: to where it stood before. Looked at while the dialog is rendered, because a field
 * in it may take focus before any effect runs. null: nowhere in particular.
 */
export function useReturnOfFocus(open: boolean): () => HTMLElement | null {
  const [wasOpen, setWasOpen] = useState(false)
  const [opener, setOpener] = useState<Element | null>(null)
  if (open !== wasOpen) {
    setWasOpen(open)
    if (open) setOpener(document.activeElement)
  }
  useLayoutEffect(() => {
    if (isPlace(opener) && opener.closest('[role="dialog"]') === null) outside = opener
  }, [opener])
  return () => [opener, outside].filter(isPlace)[0] ?? null
}

function isPlace(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && element.isConnected && element !== document.body
}
