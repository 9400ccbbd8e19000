import { segments } from './power-share.ts'

export interface PowerBarMember {
  readonly key: string
  readonly name: string
  /** Any one unit; widths are shares of the sum. */
  readonly power: number
  readonly own: boolean
  /** Hollow: nothing heard from it. */
  readonly silent: boolean
}

/** Below these widths a name would be cut to nothing. */
const NAME_FROM_SHARE = 0.07
const OWN_NAME_FROM_SHARE = 0.04

/** One segment per validator, with the marks at a third ("can stop it") and two thirds ("decides"). */
export function PowerBar({ members, label }: { members: readonly PowerBarMember[]; label: string }) {
  const byKey = new Map(members.map((member) => [member.key, member]))
  const bar = segments(members)
  return (
    <div className="relative mt-1 flex gap-[2px] pt-[22px] max-phone:pb-1" role="img" aria-label={label}>
      {bar.map(({ key, share }, index) => (
        <PowerSegment key={key} member={byKey.get(key)!} share={share} even={index % 2 === 1} />
      ))}
      <Mark at="33.33%" words="⅓ can stop it" />
      <Mark at="66.67%" words="⅔ decides" />
    </div>
  )
}

function PowerSegment({ member, share, even }: { member: PowerBarMember; share: number; even: boolean }) {
  const named = share >= (member.own ? OWN_NAME_FROM_SHARE : NAME_FROM_SHARE)
  const fill = member.silent
    ? 'shadow-[inset_0_0_0_1.5px_var(--bad)]'
    : member.own
      ? 'bg-you'
      : even
        ? 'bg-lit opacity-[.62]'
        : 'bg-lit opacity-[.82]'
  return (
    <span
      className="block min-w-0 text-xs"
      style={{ flex: share }}
      title={`${member.name}, ${(share * 100).toFixed(1)} %`}
    >
      <i className={`block h-[26px] rounded-[2px] ${fill}`} />
      <b
        className={`block min-h-[23px] overflow-hidden pt-[5px] font-medium text-ellipsis whitespace-nowrap max-phone:hidden ${member.own ? 'text-you' : 'text-ink-2'}`}
      >
        {named ? member.name : ''}
      </b>
    </span>
  )
}

function Mark({ at, words }: { at: string; words: string }) {
  return (
    <em className="absolute top-1 h-[50px] border-l-[1.5px] border-dashed border-ink" style={{ left: at }}>
      <i className="absolute -top-[5px] left-[6px] text-xs font-[540] whitespace-nowrap text-ink">{words}</i>
    </em>
  )
}
