import { Send } from 'lucide-react'
import type { EvidenceView } from '../../../node-core/node/node-api.ts'
import { Button } from '../../ui/button.tsx'

/** Nothing where no proof can be made any more. */
export function SendEvidence({
  evidence,
  onSend,
}: {
  readonly evidence: EvidenceView
  readonly onSend: () => void
}) {
  if (evidence.bytes === null) return null
  return (
    <Button look="quiet" size="small" icon={<Send size={14} aria-hidden />} onClick={onSend}>
      Send to the chain
    </Button>
  )
}
