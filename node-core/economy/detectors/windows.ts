/** How far back each detector looks, ms. Apart from the detectors, which a tab loads after it has started. */
/** Within which validators that one account funded count as one party. */
export const SYBIL_WINDOW_MS = 24 * 3_600_000
export const GRINDING_WINDOW_MS = 3_600_000
export const VOTES_WINDOW_MS = 2 * 3_600_000
/** How long one is spoken of. The window of what it is about is the trusting period. */
export const LONG_RANGE_WINDOW_MS = 3_600_000
export const FRONT_RUNNING_WINDOW_MS = 3_600_000
export const GAS_WINDOW_MS = 30 * 60_000
export const WASH_WINDOW_MS = 24 * 3_600_000
