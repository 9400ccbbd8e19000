import { Download } from 'lucide-react'
import type { EvidenceView } from '../../../node-core/node/node-api.ts'
import { Button } from '../../ui/button.tsx'
import { shortId } from '../../ui/id-words.ts'
import { saveFile } from '../../ui/save-file.ts'

/** Keeps a piece of evidence as a file: both statements, their bytes, and the whole as it would be sent. */
export function SaveEvidence({ evidence }: { readonly evidence: EvidenceView }) {
  const name = `evidence-${evidence.height}-${shortId(evidence.validator)}.json`
  return (
    <Button
      look="quiet"
      size="small"
      icon={<Download size={14} aria-hidden />}
      onClick={() => saveFile(name, `${JSON.stringify(evidence, null, 2)}\n`)}
    >
      Download
    </Button>
  )
}
