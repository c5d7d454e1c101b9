import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { cx } from '../lib/cx.ts'
import { Spinner } from './spinner.tsx'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger' | 'approve'
export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look
  size?: 'sm' | 'md' | 'lg'
  icon?: LucideIcon
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  approve: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-hover',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-failed-ink border-failed/50 hover:bg-failed-soft',
}
const SIZES = { sm: 'h-7 px-2.5 text-xs gap-1.5', md: 'h-8 px-3 text-sm gap-2', lg: 'h-10 px-4 text-base gap-2' }
const ICON_ONLY = { sm: 'size-7', md: 'size-8', lg: 'size-10' }

/** A button. While `busy` it cannot be pressed again and keeps its width. An icon alone needs an aria-label. */
export function Button({
  look = 'secondary',
  size = 'md',
  icon: Icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-md border font-medium whitespace-nowrap',
        'transition-colors duration-100 disabled:opacity-50',
        children ? SIZES[size] : ICON_ONLY[size],
        LOOKS[look],
        className,
      )}
    >
      {busy ? <Spinner /> : Icon ? <Icon size={size === 'lg' ? 18 : 15} strokeWidth={2} aria-hidden="true" /> : null}
      {children}
    </button>
  )
}
