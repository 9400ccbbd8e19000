/** Names and moments that the examples share. */
export const hash = (digit: string) => `0x${digit.repeat(64)}`
export const ALICE = `ait1${'q'.repeat(38)}`
export const TERN = `ait1${'p'.repeat(38)}`
export const NOW_MS = 1_790_000_000_000
