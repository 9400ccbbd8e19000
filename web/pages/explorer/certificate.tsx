import type { CertificateView } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Id } from '../../ui/id.tsx'
import { Percent } from '../../ui/percent.tsx'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { PowerBar } from '../../ui/power-bar.tsx'
import { Section } from '../../ui/section.tsx'
import { States } from '../../ui/states.tsx'
import { ValidatorName } from '../../ui/validator-name.tsx'
import { certificateReason } from './explorer-words.ts'

interface Member {
  readonly address: string
  readonly name: string
  readonly power: number
  readonly signature: string | null
}

/** Who signed a block, with how much power, and who did not. */
export function Certificate({ height }: { height: number }) {
  const query = useQuery('chain_certificate', { height }, 'once')
  const own = useNode((state) => state.status?.validator?.address ?? null)
  return (
    <Section title="Certificate" note="the votes that make the block final">
      <States query={query} what="the certificate" skeletonRows={6}>
        {(certificate) => <Signers certificate={certificate} own={own} />}
      </States>
    </Section>
  )
}

function Signers({ certificate, own }: { certificate: CertificateView; own: string | null }) {
  const members: readonly Member[] = [
    ...certificate.signers,
    ...certificate.missing.map((member) => ({ ...member, signature: null })),
  ]
  const total = members.reduce((sum, member) => sum + member.power, 0)
  const bar = members.map((member) => ({
    key: member.address,
    name: member.name,
    power: member.power,
    own: member.address === own,
    silent: member.signature === null,
  }))
  const columns: readonly Column<Member>[] = [
    {
      id: 'name',
      head: 'Validator',
      phone: 'name',
      cell: (member) => <ValidatorName address={member.address} name={member.name} own={own} />,
      sortBy: (member) => member.name,
    },
    {
      id: 'power',
      head: 'Power',
      align: 'right',
      phone: 'main',
      sortBy: (member) => member.power,
      cell: (member) => (
        <Percent millionths={total === 0 ? 0 : Math.round((member.power * 1_000_000) / total)} />
      ),
    },
    {
      id: 'vote',
      head: 'Commit',
      phone: 'minor',
      sortBy: (member) => (member.signature === null ? 0 : 1),
      cell: (member) => (
        <span className="inline-flex items-center gap-2">
          <PhaseMark phase={member.signature === null ? 'missing' : 'commit'} />
          <span className={member.signature === null ? 'text-bad' : 'dim'}>
            {member.signature === null ? 'missing' : 'signed'}
          </span>
        </span>
      ),
    },
    {
      id: 'signature',
      head: 'Signature',
      phone: 'off',
      cell: (member) =>
        member.signature === null ? (
          <span className="faint">none</span>
        ) : (
          <Id value={member.signature} kind="signature" />
        ),
    },
  ]
  return (
    <>
      <p className="mb-1 text-sm text-ink-2">{certificateReason(certificate)}</p>
      <PowerBar
        members={bar}
        label="Power of those who signed, with marks at one third and two thirds; the table below holds the same figures"
      />
      <DataTable
        className="mt-4"
        caption="Validators of the set and their commits"
        columns={columns}
        rows={members}
        rowKey={(member) => member.address}
        isMine={(member) => member.address === own}
        sort={{ column: 'power', descending: true }}
      />
    </>
  )
}
