import type { EvidenceView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { offenceWords } from '../../i18n/round-words.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Id } from '../../ui/id.tsx'
import { RawBlock } from '../../ui/raw-block.tsx'
import { SaveEvidence } from './save-evidence.tsx'
import { SendEvidence } from './send-evidence.tsx'

type Statement = EvidenceView['statements'][number]

export interface EvidenceDrawerProps {
  readonly evidence: EvidenceView
  /** Of the validator. */
  readonly name: string
  readonly onSend: () => void
  readonly onClose: () => void
}

/** Two signed statements that contradict each other, beside each other. */
export function EvidenceDrawer({ evidence, name, onSend, onClose }: EvidenceDrawerProps) {
  const source = evidence.source === 'messages' ? 'Caught by this tab' : 'Told by a peer, and checked here'
  return (
    <Dialog
      open
      onClose={onClose}
      look="drawer"
      width={680}
      title={`Evidence against ${name}`}
      lead={`${offenceWords(evidence.offence)}, at height ${integer(evidence.height)}. ${source}: both signatures hold.`}
      foot={
        <>
          <SaveEvidence evidence={evidence} />
          <SendEvidence evidence={evidence} onSend={onSend} />
        </>
      }
    >
      {evidence.statements.map((statement, index) => (
        <div key={statement.signature} className="mb-5">
          <h3 className="mb-1 text-sm">
            {index === 0 ? 'First' : 'Second'}: {statement.type.toUpperCase()}
          </h3>
          <KeyValues rows={rowsOf(statement)} />
          <div className="mt-3">
            <RawBlock
              title={index === 0 ? 'Bytes of the first' : 'Bytes of the second'}
              text={index === 0 ? evidence.first : evidence.second}
            />
          </div>
        </div>
      ))}
    </Dialog>
  )
}

function rowsOf({ round, blockId, prepared, signature }: Statement) {
  return [
    ['Round', integer(round)],
    ['Block', blockId === null ? 'names none' : <Id key="block" value={blockId} kind="block id" />],
    ...(prepared === null
      ? []
      : [
          [
            'Claims prepared',
            <span key="prepared">
              in round {integer(prepared.round)}, <Id value={prepared.blockId} kind="prepared block id" />
            </span>,
          ] as const,
        ]),
    ['Signature', <Id key="signature" value={signature} kind="signature" />],
  ] as const
}
