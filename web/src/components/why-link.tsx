import { Link } from '@tanstack/react-router'
import { CircleQuestionMark } from 'lucide-react'
import { useServerKind } from '../api/server-kind.ts'
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
  | 'simulation_event'
  | 'approval'
  | 'entry'
  | 'film_task'
  | 'agent'
  | 'audit'

/** The story of a row, for lists whose links are made elsewhere. */
export const whyPath = (kind: WhyKind, id: string) => `/why?${new URLSearchParams({ kind, id })}`

type WhyLinkProps = {
  kind: WhyKind
  id: string
  label?: string
  small?: boolean
  /** What the row is called: said to those who do not see which row the link stands in. */
  about?: string
}

/**
 * From any row to why it is so and what came of it. An artifact's id may end in `@version`; a file's is `owner/path`; a
 * simulation event's is `run/event`. A server that only reads simulations has no stories, and shows no link.
 */
export function WhyLink({ kind, id, label = 'Why?', small = false, about }: WhyLinkProps) {
  const reader = useServerKind() === 'reader'
  if (reader) return null
  return (
    <Link
      to={'/why' as never}
      search={{ kind, id } as never}
      aria-label={about ? `${label} ${about}` : undefined}
      className={cx(
        'inline-flex shrink-0 items-center gap-1 rounded-md font-medium text-accent-ink underline-offset-2 hover:underline',
        small ? 'text-xs' : 'text-sm',
      )}
    >
      <CircleQuestionMark size={small ? 13 : 15} aria-hidden="true" />
      {label}
    </Link>
  )
}
