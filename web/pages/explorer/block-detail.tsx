import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import type { BlockView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { Amount } from '../../ui/amount.tsx'
import { Disc } from '../../ui/disc.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { PageHead, Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Age } from '../../ui/time.tsx'
import { momentWords } from '../../ui/time-words.ts'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { Certificate } from './certificate.tsx'
import { blockReason, blockSentence } from './explorer-words.ts'
import { TransactionTable } from './transaction-table.tsx'
import { VerifyHere } from './verify-here.tsx'

const DISC_RADIUS_PX = 40

/** `id`: a height or a block id. */
export function BlockDetail({ id }: { id: string }) {
  const byHeight = /^\d{1,15}$/.test(id)
  const query = useQuery('chain_block', byHeight ? { height: Number(id) } : { blockId: id }, 'once')
  const head = useNode((state) => state.blocks.at(-1)?.height ?? 0)
  const height = query.data?.height ?? (byHeight ? Number(id) : null)
  const { retry, state } = query
  // A height that is not there yet comes by itself.
  useEffect(() => {
    if (state === 'failed' && height !== null && height <= head) retry()
  }, [state, height, head, retry])
  return (
    <>
      {query.data === null ? (
        <PageHead
          title="Block"
          sentence={`Block ${byHeight ? integer(Number(id)) : 'by its id'}`}
          end={height === null ? undefined : <Steps height={height} head={head} />}
        />
      ) : (
        <PageHead
          title={`Block ${integer(query.data.height)}`}
          sentence={blockSentence(query.data)}
          why={blockReason(query.data)}
          end={<Steps height={query.data.height} head={head} />}
        />
      )}
      {query.state === 'failed' && height !== null && height > head ? (
        <Empty sentence="This height is not decided yet." line="It opens here by itself once it is." />
      ) : (
        <States query={query} what="the block" skeletonRows={10}>
          {(block) => <Body block={block} />}
        </States>
      )}
    </>
  )
}

/** Parent and next, also by the arrow keys while no field has the focus. */
function Steps({ height, head }: { height: number; head: number }) {
  const navigate = useNavigate()
  const before = height > 1 ? `/explorer/block/${height - 1}` : null
  const after = height < head ? `/explorer/block/${height + 1}` : null
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [role=slider], [role=dialog], [role=group]')
      )
        return
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      const to = event.key === 'ArrowLeft' ? before : event.key === 'ArrowRight' ? after : null
      if (to !== null) void navigate({ to, replace: true })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [before, after, navigate])
  return (
    <nav className="btns self-end" aria-label="Blocks beside this one">
      <StepLink to={before} label="Parent block">
        <ChevronLeft size={15} aria-hidden />
        Parent
      </StepLink>
      <StepLink to={after} label="Next block">
        Next
        <ChevronRight size={15} aria-hidden />
      </StepLink>
    </nav>
  )
}

function StepLink({ to, label, children }: { to: string | null; label: string; children: ReactNode }) {
  if (to === null) {
    return (
      <span className="btn text-ink-3" aria-disabled="true">
        {children}
      </span>
    )
  }
  return (
    <Link className="btn" to={to} aria-label={label}>
      {children}
    </Link>
  )
}

function Body({ block }: { block: BlockView }) {
  return (
    <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) 360px' }}>
      <div className="min-w-0">
        <Section
          title="Transactions"
          className="!mt-1 max-wide:!mt-6"
          note={block.transactionCount === 0 ? 'none' : integer(block.transactionCount)}
        >
          {block.transactions.length > 0 ? (
            <TransactionTable
              transactions={block.transactions}
              caption={`Transactions of block ${integer(block.height)}`}
              inOneBlock
            />
          ) : (
            <Empty
              sentence={
                block.transactionCount === 0
                  ? 'This block carries no transaction.'
                  : 'This node no longer keeps them.'
              }
              line={
                block.transactionCount === 0
                  ? 'Blocks are decided at an even pace also when nobody sends.'
                  : `There were ${integer(block.transactionCount)}; their root is in the header beside this.`
              }
            />
          )}
        </Section>
        <Certificate height={block.height} />
        <VerifyHere
          key={block.blockId}
          subject={{ kind: 'block', height: block.height, blockId: block.blockId }}
        />
      </div>
      <Section title="Header" className="!mt-1 max-wide:order-first">
        <div className="mb-3 flex items-center gap-4">
          <Disc
            share={block.signedPower / 1_000_000}
            radius={DISC_RADIUS_PX}
            quorum
            label={`Signed by ${(block.signedPower / 10_000).toFixed(1)} % of the power`}
          />
          <div className="text-sm">
            <span className="lab">Proposer</span>
            <ValidatorName address={block.proposer} name={block.proposerName} size={20} />
            <span className="sub mt-1">
              round {block.round}, epoch {integer(block.epoch)}
            </span>
          </div>
        </div>
        <Fields block={block} />
      </Section>
    </div>
  )
}

function Fields({ block }: { block: BlockView }) {
  const hash = (value: string, kind: string) => <Id value={value} kind={kind} />
  return (
    <KeyValues
      rows={[
        ['Block id', hash(block.blockId, 'block id')],
        ['Parent', hash(block.parentId, 'parent id')],
        [
          'Time',
          <span key="time" title={momentWords(block.timestampMs)}>
            <Age atMs={block.timestampMs} />
          </span>,
        ],
        ['Gas used', `${integer(block.gasUsed)} of ${integer(block.gasLimit)}`],
        ['Base fee, a unit of gas', <Amount key="fee" value={block.baseFeePerGas} unit="nAIT" />],
        ['State root', hash(block.stateRoot, 'state root')],
        ['Transactions root', hash(block.transactionsRoot, 'transactions root')],
        ['Receipts root', hash(block.receiptsRoot, 'receipts root')],
        ['Set of validators', hash(block.validatorsHash, 'hash of the set')],
        ['Next set', hash(block.nextValidatorsHash, 'hash of the next set')],
        ['Randomness', hash(block.randomness, 'randomness')],
      ]}
    />
  )
}
