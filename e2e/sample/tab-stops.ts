/** Where the Tab key leads: what stands there, whether it can be seen, and in which order. */
import type { Page } from '@playwright/test'

/** More stops than any page has. */
export const MOST_STOPS = 500

export interface Stop {
  readonly name: string
  /** Why somebody could not see where focus is; null: it is seen. */
  readonly hidden: string | null
}

/** Where focus stands. */
export function stopOf(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const labelled = element.getAttribute('aria-labelledby')
    const input = element as HTMLInputElement
    const name =
      element.getAttribute('aria-label') ??
      (labelled && document.getElementById(labelled)?.textContent) ??
      input.labels?.[0]?.textContent ??
      element.textContent ??
      ''
    // A radio button stands under the flag that it picks: its label shows the focus.
    const seen = element.matches('.sr') ? (input.labels?.[0] ?? element) : element
    const style = getComputedStyle(seen)
    const box = seen.getBoundingClientRect()
    const ringed = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0
    const shown = [0.1, 0.5, 0.9].some((x) =>
      [0.1, 0.5, 0.9].some((y) => {
        const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)
        return hit !== null && (seen.contains(hit) || hit.contains(seen))
      }),
    )
    const hidden = !inside
      ? 'outside the window'
      : !ringed && element !== document.body
        ? 'no focus ring'
        : !shown
          ? 'covered'
          : null
    return { name: name.trim(), hidden: hidden && `${element.outerHTML.slice(0, 120)}: ${hidden}` }
  })
}

export interface Round {
  readonly stops: readonly Stop[]
  /** Came after one that is read after it. */
  readonly outOfOrder: readonly string[]
  /** Can be focused, and Tab did not come by. */
  readonly missed: readonly string[]
  /** Tab came back to where it began. */
  readonly around: boolean
}

/** With the Tab key once around, in the open dialog or on the page. */
export async function walkAround(page: Page): Promise<Round> {
  const walk = await page.evaluateHandle(watchWalk)
  const stops: Stop[] = []
  let around = false
  while (!around && stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab')
    // At the ends of a dialog stands a guard, which passes focus on a moment later.
    await page.waitForFunction(() => !document.activeElement?.matches('[data-base-ui-focus-guard]'))
    around = await walk.evaluate(({ step }) => step())
    if (!around) stops.push(await stopOf(page))
  }
  return { stops, around, ...(await walk.evaluate(({ result }) => result())) }
}

/** Runs in the page. */
function watchWalk() {
  const within = document.querySelector('[role="dialog"]') ?? document.body
  const walked: HTMLElement[] = []
  const outOfOrder: string[] = []
  const focusable = () =>
    [...within.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex]')].filter(
      (each) =>
        each.tabIndex >= 0 &&
        each.checkVisibility({ visibilityProperty: true }) &&
        !each.matches(':disabled, [inert] *, [aria-hidden="true"]'),
    )
  const stands = (after: HTMLElement, before: HTMLElement) =>
    (before.compareDocumentPosition(after) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  const follows = (last: HTMLElement, now: HTMLElement) => {
    const all = focusable()
    if (now === all[0] && !all.some((each) => stands(each, last))) return true
    const [a, b] = [last.getBoundingClientRect(), now.getBoundingClientRect()]
    const sameLine = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2
    const back = (b.bottom <= a.top && b.left < a.right) || (sameLine && b.right <= a.left)
    return stands(now, last) && !back
  }
  const start = (element: HTMLElement) => element.outerHTML.slice(0, 120)
  return {
    /** true: it is around. */
    step: () => {
      const now = document.activeElement as HTMLElement
      // After its last element a page leaves focus to the browser.
      if (walked.length > 0 && (now === walked[0] || now === document.body)) return true
      const last = walked.at(-1)
      if (last && !follows(last, now)) outOfOrder.push(`${start(last)} then ${start(now)}`)
      walked.push(now)
      return false
    },
    result: () => {
      // Of radio buttons with one name, one is a stop.
      const missed = focusable().filter((each) => !walked.includes(each) && !each.matches('[type="radio"]'))
      return { outOfOrder, missed: missed.map(start) }
    },
  }
}
