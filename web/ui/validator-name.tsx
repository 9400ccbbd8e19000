import { Who, type WhoProps } from './who.tsx'

export interface ValidatorNameProps extends Pick<WhoProps, 'address' | 'name' | 'size' | 'children'> {
  /** The address of this tab; null: it has none. */
  readonly own?: string | null
}

/** A validator, which leads to its sheet. */
export function ValidatorName({ own = null, ...who }: ValidatorNameProps) {
  return <Who {...who} own={who.address === own} to={`/validators/${who.address}`} />
}
