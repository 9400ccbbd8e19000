import { useNode, useNodeEachSecond } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { bytesWords } from '../../ui/amount-words.ts'
import { Button } from '../../ui/button.tsx'
import { PageHead } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Age } from '../../ui/time.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { BlockTable } from './block-table.tsx'
import { latestReason, latestSentence } from './explorer-words.ts'
import { SearchBox } from './search-box.tsx'
import { TransactionTable } from './transaction-table.tsx'

type Shown = 'blocks' | 'transactions' | 'waiting'

/** Blocks asked for at once when going back. */
const OLDER_AT_ONCE = 100

export function Latest() {
  const blocks = useNode((state) => state.blocks)
  const status = useNode((state) => state.status)
  const head = blocks.at(-1)?.height ?? (status === null ? null : (status.head?.height ?? 0))
  const [shown, setShown] = useUrlState<Shown>('show', 'blocks')
  return (
    <>
      <PageHead
        title="Explorer"
        sentence={latestSentence(head)}
        why={latestReason(blocks)}
        end={<SearchBox />}
      />
      <section className="sec" aria-label="What is decided">
        <header>
          <ToggleGroup
            label="What is shown"
            value={shown}
            onChange={setShown}
            choices={[
              { value: 'blocks', words: 'Blocks' },
              { value: 'transactions', words: 'Transactions' },
              { value: 'waiting', words: 'Waiting' },
            ]}
          />
        </header>
        {shown === 'blocks' && <Blocks />}
        {shown === 'transactions' && <Transactions />}
        {shown === 'waiting' && <Waiting />}
      </section>
    </>
  )
}

/** The newest as they come, or a page of older ones when the URL says from where. */
function Blocks() {
  const live = useNode((state) => state.blocks)
  const [before, setBefore] = useUrlState<string>('before', '')
  if (before !== '') return <OlderBlocks before={Number(before)} onBefore={setBefore} />
  if (live.length === 0) return <FirstBlocks />
  const oldest = live[0]!.height
  return (
    <>
      <BlockTable blocks={live.toReversed()} />
      {oldest > 1 && (
        <div className="btns mt-3">
          <Button onClick={() => setBefore(String(oldest))}>Older blocks</Button>
        </div>
      )}
    </>
  )
}

/** Before the first event: what the node answers, or why it does not. */
function FirstBlocks() {
  const query = useQuery('chain_blocks', { limit: OLDER_AT_ONCE })
  return (
    <States
      query={query}
      what="the blocks"
      skeletonRows={10}
      isEmpty={(blocks) => blocks.length === 0}
      empty={
        <Empty
          sentence="No block is decided yet."
          line="A block stands here as soon as more than two thirds of the voting power have committed to it."
        />
      }
    >
      {(blocks) => <BlockTable blocks={blocks} />}
    </States>
  )
}

function OlderBlocks({ before, onBefore }: { before: number; onBefore: (before: string) => void }) {
  const query = useQuery('chain_blocks', { before, limit: OLDER_AT_ONCE }, 'once')
  return (
    <States
      query={query}
      what="the older blocks"
      skeletonRows={10}
      isEmpty={(blocks) => blocks.length === 0}
      empty={
        <Empty
          sentence="This node keeps no blocks that old."
          action={<Button onClick={() => onBefore('')}>Newest blocks</Button>}
        />
      }
    >
      {(blocks) => (
        <>
          <BlockTable blocks={blocks} />
          <div className="btns mt-3">
            <Button onClick={() => onBefore('')}>Newest blocks</Button>
            {blocks.length > 0 && blocks.at(-1)!.height > 1 && (
              <Button onClick={() => onBefore(String(blocks.at(-1)!.height))}>Older blocks</Button>
            )}
          </div>
        </>
      )}
    </States>
  )
}

function Transactions() {
  const all = useNodeEachSecond((state) => state.transactions)
  const decided = all.filter((transaction) => transaction.status !== 'pending')
  if (decided.length > 0) return <TransactionTable transactions={decided} caption="Newest transactions" />
  return (
    <Empty
      sentence="No transaction was decided since this page was opened."
      line="Earlier ones are in their blocks and in the accounts they belong to."
    />
  )
}

function Waiting() {
  const query = useQuery('tx_pool', { limit: 200 }, 2_000)
  return (
    <States
      query={query}
      what="the pool"
      isEmpty={(pool) => pool.count === 0}
      empty={
        <Empty
          sentence="Nothing waits."
          line="Every transaction this node has heard of is decided or was dropped."
        />
      }
    >
      {(pool) => (
        <>
          <p className="mb-2 text-sm text-ink-2">
            {integer(pool.count)} {pool.count === 1 ? 'transaction waits' : 'transactions wait'},{' '}
            {bytesWords(pool.bytes)}
            {pool.oldestMs !== null && pool.oldestMs > 1_000_000_000_000 && (
              <>
                ; the oldest since <Age atMs={pool.oldestMs} cell />
              </>
            )}
            . As this node’s pool has them; others may hold more.
          </p>
          <TransactionTable transactions={pool.transactions} caption="Transactions that wait" />
        </>
      )}
    </States>
  )
}
