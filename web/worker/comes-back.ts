/** Whether the page that is going is loaded again, as far as the browser tells: then its validator need not be paused. */

interface Navigation {
  addEventListener(
    type: 'navigate',
    listener: (event: {
      readonly destination: { readonly url: string; readonly sameDocument: boolean }
    }) => void,
  ): void
}

let isExpected = false
const { navigation } = globalThis as { navigation?: Navigation }
navigation?.addEventListener('navigate', ({ destination }) => {
  isExpected = !destination.sameDocument && new URL(destination.url).origin === location.origin
})

export function comesBack(): boolean {
  return isExpected
}
