import { useNode } from '../../hooks/node-context.tsx'
import { useWalletQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { PageHead } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useNow } from '../../ui/time.tsx'
import { BackupDialog } from './backup-dialog.tsx'
import { KeysSection } from './keys-section.tsx'
import { LogSection } from './log-section.tsx'
import { ConfigurationSection, StorageSection, TransportSection } from './machine-section.tsx'
import { ModeSection } from './mode-section.tsx'
import { nodeReason, nodeSentence } from './node-words.ts'
import { ReportDialog, ReportSection } from './report-section.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { SigningExportDialog } from './signing-export-dialog.tsx'
import { SigningImportDialog } from './signing-import-dialog.tsx'
import { SigningResumeDialog } from './signing-resume-dialog.tsx'
import { SigningSection } from './signing-section.tsx'

type NodeDialog = '' | 'backup' | 'restore' | 'report' | 'signing' | 'signing-export' | 'signing-resume'

export function NodePage() {
  const status = useNode((state) => state.status)
  const keys = useWalletQuery('wallet_accounts', {}, 'head')
  const now = useNow()
  const [dialog, setDialog] = useUrlState<NodeDialog>('do', '')
  const close = () => {
    keys.retry()
    setDialog('')
  }
  return (
    <>
      <PageHead
        title="Node"
        sentence={status === null ? 'This tab’s node is starting.' : nodeSentence(status)}
        why={status === null ? null : nodeReason(status, now)}
      />
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0,1fr) minmax(0,1fr)' }}>
        <div className="min-w-0">
          {status === null ? <Skeleton rows={3} label="Reading the mode" /> : <ModeSection status={status} />}
          <KeysSection
            query={keys}
            active={status?.account ?? null}
            onBackup={() => setDialog('backup')}
            onRestore={() => setDialog('restore')}
          />
          {status === null ? (
            <Skeleton rows={4} label="Reading the storage" />
          ) : (
            <StorageSection storage={status.storage} />
          )}
          {status?.validator != null && (
            <SigningSection
              validator={status.validator}
              onExport={() => setDialog('signing-export')}
              onResume={() => setDialog('signing-resume')}
              onImport={() => setDialog('signing')}
            />
          )}
          <ReportSection onOpen={() => setDialog('report')} />
        </div>
        <div className="min-w-0">
          {status === null ? (
            <Skeleton rows={6} label="Reading the transport" />
          ) : (
            <TransportSection status={status} />
          )}
          <ConfigurationSection key={status?.startedAtMs} />
        </div>
      </div>
      <LogSection />
      {dialog === 'backup' && <BackupDialog onClose={close} />}
      {dialog === 'restore' && <RestoreDialog onClose={close} onRestored={keys.retry} />}
      {dialog === 'signing' && <SigningImportDialog onClose={close} />}
      {dialog === 'signing-export' && <SigningExportDialog onClose={close} />}
      {dialog === 'signing-resume' && <SigningResumeDialog onClose={close} />}
      {dialog === 'report' && <ReportDialog onClose={close} />}
    </>
  )
}
