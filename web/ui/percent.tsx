import { percentOf } from '../i18n/format.ts'
import { Unit } from './amount.tsx'

/** With one decimal, its unit thin. */
export function Percent({ millionths }: { readonly millionths: number }) {
  return (
    <>
      {percentOf(millionths)}
      <Unit>%</Unit>
    </>
  )
}
