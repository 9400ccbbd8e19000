import type { ComponentPropsWithRef, ReactNode } from 'react'

export type ButtonLook = 'outlined' | 'primary' | 'quiet' | 'danger'

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** At most one 'primary' in view. Default: outlined. */
  readonly look?: ButtonLook
  readonly size?: 'small' | 'normal' | 'big'
  readonly icon?: ReactNode
  /** While this is set the button keeps its width, says this verb ("Signing…") and takes no clicks. */
  readonly busy?: string | null
}

export function Button({
  look = 'outlined',
  size = 'normal',
  icon,
  busy = null,
  className = '',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = ['btn', look === 'outlined' ? '' : look, size === 'normal' ? '' : size, className]
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(' ')}
      aria-busy={busy !== null || undefined}
      aria-disabled={busy !== null || undefined}
      onClick={busy === null ? onClick : undefined}
      {...rest}
    >
      <span className="idle-words">
        {icon}
        {children}
      </span>
      {busy !== null && <span className="busy-words">{busy}</span>}
    </button>
  )
}
