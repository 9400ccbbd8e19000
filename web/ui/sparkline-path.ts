/** The line of a sparkline: lowest value at the bottom, highest at the top, 1.5 px of air above and below. */
const AIR_PX = 1.5

/** SVG path data in a box of width × height px; empty without values. A constant series is a line at mid height. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  if (values.length === 0) return ''
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  const inner = height - 2 * AIR_PX
  const step = values.length > 1 ? width / (values.length - 1) : 0
  const points = values.map((value, i) => {
    const y = span === 0 ? height / 2 : AIR_PX + inner * (1 - (value - low) / span)
    return `${round(i * step)} ${round(y)}`
  })
  return values.length === 1 ? `M${points[0]}H${width}` : `M${points.join('L')}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
