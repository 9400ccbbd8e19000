import { useNode } from '../hooks/node-context.tsx'
import { percentOf } from '../i18n/format.ts'
import { formingFraction } from '../store/derive.ts'
import { Disc } from '../ui/disc.tsx'

/** The project's mark: the block being decided, waxing. */
export function LiveMark({
  radius,
  labelled = false,
}: {
  readonly radius: number
  readonly labelled?: boolean
}) {
  const share = useNode((state) => formingFraction(state.consensus))
  const label = labelled
    ? `Block forming, ${percentOf(Math.round(share * 1_000_000))} % of power has committed`
    : undefined
  return <Disc share={share} radius={radius} quorum label={label} />
}
