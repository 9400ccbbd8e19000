import { encodeQR } from 'qr'
import { useMemo } from 'react'

const QUIET_ZONE = 2

/** A QR code as one path. Always dark on light, in both themes: many cameras do not read it the other way round. */
export function QrCode({ text, label, size = 176 }: { text: string; label: string; size?: number }) {
  const { path, modules } = useMemo(() => {
    const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE })
    const cells = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { path: cells.join(''), modules: rows.length }
  }, [text])
  return (
    <svg
      className="rounded-control"
      width={size}
      height={size}
      viewBox={`0 0 ${modules} ${modules}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={`M0 0h${modules}v${modules}H0z`} fill="#fff" />
      <path d={path} fill="#10222c" />
    </svg>
  )
}
