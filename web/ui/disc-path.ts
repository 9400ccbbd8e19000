/** Geometry of the waxing disc: the lit area is exactly the given share of the disc. */

/** Where two thirds of the area are lit, the edge is an ellipse with this share of the radius. */
const QUORUM_RX = 1 / 3

/**
 * Path of the lit part, filling from the left: half the disc, plus (or minus) half an ellipse of rx = |1 − 2f|·r.
 * `share` from 0 to 1; `''` when nothing is lit.
 */
export function litPath(share: number, centre: number, radius: number): string {
  const f = Math.min(1, Math.max(0, share))
  if (f === 0) return ''
  const top = round(centre - radius)
  const bottom = round(centre + radius)
  const c = round(centre)
  const r = round(radius)
  if (f === 1) return `M${c} ${top}A${r} ${r} 0 0 0 ${c} ${bottom}A${r} ${r} 0 0 0 ${c} ${top}z`
  const rx = round(Math.abs(1 - 2 * f) * radius)
  const towards = f > 0.5 ? 0 : 1
  return `M${c} ${top}A${r} ${r} 0 0 0 ${c} ${bottom}A${rx} ${r} 0 0 ${towards} ${c} ${top}z`
}

/** The meridian that the lit edge meets at two thirds. */
export function quorumPath(centre: number, radius: number): string {
  return `M${round(centre)} ${round(centre - radius)}A${round(radius * QUORUM_RX)} ${round(radius)} 0 0 1 ${round(centre)} ${round(centre + radius)}`
}

/** The mirrored quorum meridian, seen through the lit part of a large disc. */
export function farQuorumPath(centre: number, radius: number): string {
  return `M${round(centre)} ${round(centre - radius)}A${round(radius * QUORUM_RX)} ${round(radius)} 0 0 0 ${round(centre)} ${round(centre + radius)}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
