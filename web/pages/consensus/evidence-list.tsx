import { lazy, Suspense } from 'react'
import type { EvidenceView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { offenceWords } from '../../i18n/round-words.ts'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortId } from '../../ui/id-words.ts'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'
import { Age } from '../../ui/time.tsx'
import { SaveEvidence } from './save-evidence.tsx'
import { SendEvidence } from './send-evidence.tsx'

/** Loaded when one is opened, or sent. */
const EvidenceDrawer = lazy(async () => ({ default: (await import('./evidence-drawer.tsx')).EvidenceDrawer }))
const SendEvidenceDialog = lazy(async () => ({
  default: (await import('./send-evidence-dialog.tsx')).SendEvidenceDialog,
}))

/** Pairs of signed messages that contradict each other, caught by this node; each can be kept as a file. */
export function EvidenceList() {
  const evidence = useNode((state) => state.evidence)
  const votes = useNode((state) => state.consensus?.votes ?? null)
  const nameOf = (address: string) =>
    votes?.find((vote) => vote.validator === address)?.name ?? shortId(address)
  const [open, setOpen] = useUrlState<string>('evidence', '')
  const opened = evidence.find((item) => item.id === open)
  const [send, setSend] = useUrlState<string>('send', '')
  const sent = evidence.find((item) => item.id === send)
  return (
    <Section
      title="Evidence"
      note={evidence.length === 0 ? undefined : `${integer(evidence.length)} caught here`}
    >
      {evidence.length === 0 ? (
        <Empty
          sentence="No validator has contradicted itself in view of this tab."
          line="Two signed votes against each other are proof that anybody can check; they would be kept here."
        />
      ) : (
        <DataTable
          caption="Evidence"
          columns={columns(nameOf, setOpen, setSend)}
          rows={evidence}
          rowKey={(item) => item.id}
        />
      )}
      {opened !== undefined && sent === undefined && (
        <Suspense fallback={null}>
          <EvidenceDrawer
            evidence={opened}
            name={nameOf(opened.validator)}
            onSend={() => setSend(opened.id)}
            onClose={() => setOpen('')}
          />
        </Suspense>
      )}
      {sent !== undefined && sent.bytes !== null && (
        <Suspense fallback={null}>
          <SendEvidenceDialog
            evidence={sent}
            proof={sent.bytes}
            name={nameOf(sent.validator)}
            onClose={() => setSend('')}
          />
        </Suspense>
      )}
    </Section>
  )
}

function columns(
  nameOf: (address: string) => string,
  onOpen: (id: string) => void,
  onSend: (id: string) => void,
): readonly Column<EvidenceView>[] {
  return [
    {
      id: 'validator',
      head: 'Validator',
      phone: 'name',
      cell: (item) => (
        <span className="who">
          <Flag address={item.validator} size={16} />
          <b>{nameOf(item.validator)}</b>
        </span>
      ),
    },
    {
      id: 'offence',
      head: 'Offence',
      phone: 'minor',
      cell: (item) => <span className="text-bad">{offenceWords(item.offence)}</span>,
    },
    { id: 'height', head: 'Height', phone: 'main', align: 'right', cell: (item) => integer(item.height) },
    {
      id: 'when',
      head: 'When',
      phone: 'minor-2',
      align: 'right',
      cell: (item) => (
        <span className="dim">
          <Age atMs={item.atMs} />
        </span>
      ),
    },
    {
      id: 'file',
      head: <span className="sr">Proof</span>,
      phone: 'wide',
      align: 'right',
      cell: (item) => <Act item={item} onOpen={onOpen} onSend={onSend} />,
    },
  ]
}

interface ActProps {
  readonly item: EvidenceView
  readonly onOpen: (id: string) => void
  readonly onSend: (id: string) => void
}

function Act({ item, onOpen, onSend }: ActProps) {
  return (
    <span className="cell-marks flex-wrap max-phone:justify-start">
      <Button look="quiet" size="small" onClick={() => onOpen(item.id)}>
        Both messages
      </Button>
      <SaveEvidence evidence={item} />
      <SendEvidence evidence={item} onSend={() => onSend(item.id)} />
    </span>
  )
}
