import { Link } from '@tanstack/react-router'
import { CircleQuestionMark } from 'lucide-react'
import { cx } from '../lib/cx.ts'

export type WhyKind =
  | 'event'
  | 'decision'
  | 'run'
  | 'task'
  | 'assignment'
  | 'artifact'
  | 'file'
  | 'brief'
  | 'workflow'
  | 'simulation'
  | 'agent'
  | 'audit'

/** From any row to why it is so and what came of it. An artifact's id may end in `@version`; a file's is `owner/path`. */
export function WhyLink({
  kind,
  id,
  label = 'Why?',
  small = false,
}: {
  kind: WhyKind
  id: string
  label?: string
  small?: boolean
}) {
  return (
    <Link
      to={'/why' as never}
      search={{ kind, id } as never}
      className={cx(
        'inline-flex items-center gap-1 rounded-md font-medium text-accent-ink underline-offset-2 hover:underline',
        small ? 'text-xs' : 'text-sm',
      )}
    >
      <CircleQuestionMark size={small ? 13 : 15} aria-hidden="true" />
      {label}
    </Link>
  )
}
