import { createBrowserHistory, type RouterHistory } from '@tanstack/react-router'

/** Pages in the hash, so that the sample's own switches can stay in the search part. */
export function createSampleHistory(): RouterHistory {
  return createBrowserHistory({
    parseLocation: () => {
      const href = location.hash.slice(1) || '/'
      const searchIndex = href.indexOf('?')
      const state = history.state ?? { __TSR_index: 0, key: 'first', __TSR_key: 'first' }
      return {
        href,
        pathname: searchIndex < 0 ? href : href.slice(0, searchIndex),
        search: searchIndex < 0 ? '' : href.slice(searchIndex),
        hash: '',
        state,
      }
    },
    createHref: (path) => `${location.pathname}${location.search}#${path}`,
  })
}
