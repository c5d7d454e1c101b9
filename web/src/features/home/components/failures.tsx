import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { Tag } from '../../../components/chip.tsx'
import { DomainMark } from '../../../components/domain.tsx'
import { When } from '../../../components/when.tsx'
import type { Failure } from '../api/home.ts'
import { Section } from './section.tsx'

const listOf = (domain: string) =>
  domain === 'tasks' ? { to: '/tasks/monitor', search: {} } : { to: '/runs', search: { domain, status: 'failed' } }

/** What failed in the last day, grouped by cause. */
export function Failures({ failures }: { failures: Failure[] }) {
  return (
    <Section title="Failed in the last day">
      {failures.length === 0 ? (
        <p className="flex items-center gap-2 px-4 py-4 text-sm text-ink-2">
          <CircleCheck size={17} aria-hidden="true" className="text-done" />
          Nothing failed.
        </p>
      ) : (
        <ul>
          {failures.map((failure) => {
            const { to, search } = listOf(failure.domain)
            return (
              <li key={`${failure.domain}${failure.code}`} className="border-b border-line last:border-b-0">
                <Link
                  to={to as never}
                  search={search as never}
                  className="flex items-start gap-3 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
                >
                  <span className="mt-0.5">
                    <DomainMark domain={failure.domain} />
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="flex items-center gap-2">
                      <Tag mono>{failure.code}</Tag>
                      <span className="tabular text-xs font-semibold text-failed-ink">{failure.count}×</span>
                      <When at={failure.last} className="ml-auto text-xs text-ink-3" />
                    </span>
                    <span className="mt-1 text-xs text-ink-2 line-clamp-2">
                      {failure.example.replace(/^[A-Z_]+:\s*/, '')}
                    </span>
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}
