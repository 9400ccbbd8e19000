import { Download } from 'lucide-react'
import type { ConsensusView, RoundMessageView } from '../../../node-core/node/node-api.ts'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { rawReachWords } from '../../i18n/round-words.ts'
import { Unit } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Flag } from '../../ui/flag.tsx'
import { type Phase, PhaseMark } from '../../ui/phase-mark.tsx'
import { RawBlock } from '../../ui/raw-block.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { Empty, States } from '../../ui/states.tsx'

const MARKS: Readonly<Record<RoundMessageView['type'], Phase>> = {
  'pre-prepare': 'preprepare',
  prepare: 'prepare',
  commit: 'commit',
  'round-change': 'round-change',
  reject: 'missing',
}

export interface MessagesDrawerProps {
  readonly view: ConsensusView
  /** 'all', or the one that is open, as `messageKey` names it. */
  readonly shown: string
  readonly onShow: (shown: string) => void
  readonly onClose: () => void
}

function messageKey(message: RoundMessageView, index: number): string {
  return `${index}.${message.type}.${message.validator}`
}

/** What was signed in a round, as it came: every message decoded and as bytes, to copy or to keep. */
export function MessagesDrawer({ view, shown, onShow, onClose }: MessagesDrawerProps) {
  const { height, round } = view
  const rounds = useQuery('consensus_rounds', { height, round, messages: true, limit: 1 }, 'once')
  const open = (rounds.data?.messages ?? []).find((message, index) => messageKey(message, index) === shown)
  const place = `height ${integer(height)}, round ${round}`
  return (
    <Dialog
      open
      onClose={onClose}
      look="drawer"
      width={620}
      title={open ? `${open.type.toUpperCase()} of ${open.name}` : 'Raw messages'}
      lead={open ? `${place}, ${arrival(open)}` : `Signed in ${place}, in the order of arrival here.`}
      foot={
        open ? (
          <>
            <Button look="quiet" onClick={() => onShow('all')}>
              All messages
            </Button>
            <KeepMessage message={open} />
          </>
        ) : undefined
      }
    >
      <States
        query={rounds}
        what="the messages"
        isEmpty={(data) => (data.messages ?? []).length === 0}
        empty={
          <Empty
            sentence="No message of this round is kept here."
            line={rounds.data === null ? undefined : rawReachWords(rounds.data.rawMessages)}
          />
        }
      >
        {(data) =>
          open ? (
            <OpenMessage message={open} />
          ) : (
            <DataTable
              caption={`Messages of ${place}`}
              columns={columns(onShow)}
              rows={(data.messages ?? []).map((message, index) => ({
                message,
                key: messageKey(message, index),
              }))}
              rowKey={(row) => row.key}
            />
          )
        }
      </States>
    </Dialog>
  )
}

function arrival({ afterMs }: RoundMessageView): string {
  return afterMs < 0
    ? `${integer(-afterMs)} ms before the round began here`
    : `${integer(afterMs)} ms after the round began here`
}

interface Row {
  readonly message: RoundMessageView
  readonly key: string
}

function columns(onShow: (shown: string) => void): readonly Column<Row>[] {
  return [
    {
      id: 'type',
      head: 'Message',
      phone: 'name',
      cell: ({ message, key }) => (
        <button
          type="button"
          className="who min-h-6 underline underline-offset-3"
          onClick={() => onShow(key)}
        >
          <PhaseMark phase={MARKS[message.type]} />
          <b>{message.type.toUpperCase()}</b>
          <span className="sr"> of {message.name}</span>
        </button>
      ),
    },
    {
      id: 'validator',
      head: 'Validator',
      phone: 'minor',
      cell: ({ message }) => (
        <span className="who">
          <Flag address={message.validator} size={16} />
          {message.name}
        </span>
      ),
    },
    {
      id: 'after',
      head: 'Arrival',
      align: 'right',
      phone: 'main',
      cell: ({ message }) => (
        <>
          {integer(message.afterMs)}
          <Unit>ms</Unit>
        </>
      ),
    },
    {
      id: 'size',
      head: 'Size',
      align: 'right',
      phone: 'minor-2',
      cell: ({ message }) => (
        <span className="dim">
          {integer((message.bytes.length - 2) / 2)}
          <Unit>B</Unit>
        </span>
      ),
    },
  ]
}

function OpenMessage({ message }: { readonly message: RoundMessageView }) {
  return (
    <>
      <RawBlock title="Decoded" text={JSON.stringify(message.fields, null, 2)} />
      <RawBlock title="Canonical bytes" text={message.bytes} />
    </>
  )
}

function KeepMessage({ message }: { readonly message: RoundMessageView }) {
  const { height } = message.fields
  const name = `${message.type}-${String(height)}-${message.round}-${message.name}.json`
  return (
    <Button
      icon={<Download size={14} aria-hidden />}
      onClick={() => saveFile(name, `${JSON.stringify(message, null, 2)}\n`)}
    >
      Download
    </Button>
  )
}
