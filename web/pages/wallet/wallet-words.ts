/** The Wallet page in words. Pure. */
import type { TransactionView } from '../../../node-core/node/node-api.ts'
import type { AccountKeyView } from '../../../node-core/node/wallet-api.ts'
import { integer } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { aboutWords, blocksWords } from '../../ui/time-words.ts'

/** Base units. */
export interface Money {
  readonly balance: string
  /** At validators. */
  readonly stake: string
}

/** "You hold 1,204.50 AIT, and 7,600.00 more are bonded." */
export function walletSentence({ balance, stake }: Money): string {
  if (balance === '0' && stake === '0') return 'You hold nothing yet.'
  const held = balance === '0' ? 'Nothing is free to send' : `You hold ${amountWords(balance)} AIT`
  return stake === '0'
    ? `${held}.`
    : `${held}, and ${amountWords(stake)} ${balance === '0' ? 'AIT' : 'more'} are bonded.`
}

export function walletReason(name: string, height: number): string {
  return `In ${name === '' ? 'this tab’s account' : name}, as decided up to height ${integer(height)} and verified by this tab.`
}

/** Money is there and the key is nowhere else, as far as we could put it there: a passkey is its authenticator's to keep. */
export function wantsBackup(
  key: Pick<AccountKeyView, 'backedUpAtMs' | 'passkey'> | null,
  money: Money | null,
): boolean {
  return (
    key !== null &&
    money !== null &&
    !key.passkey &&
    key.backedUpAtMs === null &&
    (money.balance !== '0' || money.stake !== '0')
  )
}

/** The first height at which the faucet gives again; null: it gives now, as far as the history kept here tells. */
export function nextDripHeight(
  history: readonly Pick<TransactionView, 'payload' | 'status' | 'height'>[],
  intervalBlocks: number | null,
  head: number,
): number | null {
  const drips = history.flatMap((transaction) =>
    transaction.payload.type === 'faucet.drip' && transaction.status === 'succeeded'
      ? (transaction.height ?? [])
      : [],
  )
  if (drips.length === 0 || intervalBlocks === null) return null
  const next = Math.max(...drips) + intervalBlocks
  return next > head + 1 ? next : null
}

/** "Next at height 48,300, 83 blocks left, about 2 min." */
export function nextDripWords(next: number, head: number, blockIntervalMs: number | null): string {
  const blocks = next - head
  return `Next at height ${integer(next)}: ${blocksWords(blocks)} left, ${aboutWords(blocks, blockIntervalMs)}.`
}

const IP_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\]|[0-9a-f]*:[0-9a-f:]*)$/i

/** Why no passkey can be made here; null: one can, as far as the page can tell. */
export function passkeyObstacle(hasWebAuthn: boolean, hostname: string): string | null {
  if (!hasWebAuthn)
    return 'This browser has no passkeys (WebAuthn): keep the key in it, or use another browser.'
  return IP_ADDRESS.test(hostname)
    ? 'Passkeys belong to a site’s name: open this page by a name, such as localhost, not by an IP address.'
    : null
}
