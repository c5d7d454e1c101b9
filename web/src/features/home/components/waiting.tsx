import { Link } from '@tanstack/react-router'
import { CheckCheck, ChevronRight } from 'lucide-react'
import { DomainMark } from '../../../components/domain.tsx'
import { When } from '../../../components/when.tsx'
import type { Home } from '../api/home.ts'
import { Section } from './section.tsx'

/** Questions for people: how many, since when, what each holds up. */
export function Waiting({ waiting }: { waiting: Home['waiting'] }) {
  const count = waiting.total
  const title = (
    <>
      Waiting for you
      {count > 0 ? (
        <span className="tabular rounded-full bg-waiting-soft px-2 text-xs text-waiting-ink">{count}</span>
      ) : null}
    </>
  )
  const aside = waiting.oldest ? (
    <>
      oldest <When at={waiting.oldest} />
    </>
  ) : null
  return (
    <Section title={title} aside={aside}>
      {count === 0 ? (
        <p className="flex items-center gap-2 px-4 py-4 text-sm text-ink-2">
          <CheckCheck size={17} aria-hidden="true" className="text-done" />
          Nothing waits for you.
        </p>
      ) : (
        <ul>
          {waiting.decisions.map((decision) => (
            <li key={decision.id} className="border-b border-line last:border-b-0">
              <Link
                to={'/inbox' as never}
                search={{ id: decision.id } as never}
                className="flex items-center gap-3 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
              >
                <DomainMark domain={decision.domain} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm font-medium">{decision.title}</span>
                  {decision.blocks ? (
                    <span className="block truncate text-xs text-ink-2">holds up {decision.blocks}</span>
                  ) : null}
                </span>
                <When
                  at={decision.deadline ?? decision.created_at}
                  className={`text-xs ${decision.deadline ? 'text-waiting-ink' : 'text-ink-3'}`}
                />
                <ChevronRight size={15} aria-hidden="true" className="text-ink-3" />
              </Link>
            </li>
          ))}
          {count > waiting.decisions.length ? (
            <li className="px-4 py-2 text-xs">
              <Link to={'/inbox' as never} className="rounded font-medium text-accent-ink underline underline-offset-2">
                All {count} questions
              </Link>
            </li>
          ) : null}
        </ul>
      )}
    </Section>
  )
}
