import { sparklinePath } from './sparkline-path.ts'

const WIDTH_PX = 58
const HEIGHT_PX = 16

/** A trend without axis beside its figure; the figure is what is read out. */
export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length === 0) return null
  return (
    <svg width={WIDTH_PX} height={HEIGHT_PX} viewBox={`0 0 ${WIDTH_PX} ${HEIGHT_PX}`} aria-hidden="true">
      <path className="fill-none stroke-ink-2 stroke-[1.25]" d={sparklinePath(values, WIDTH_PX, HEIGHT_PX)} />
    </svg>
  )
}
