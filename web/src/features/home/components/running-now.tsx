import { Link } from '@tanstack/react-router'
import { Chip } from '../../../components/chip.tsx'
import { DomainMark } from '../../../components/domain.tsx'
import { ProgressBar } from '../../../components/progress-bar.tsx'
import { Elapsed } from '../../../components/when.tsx'
import { stateLook } from '../../../lib/states.ts'
import { type Home, useNewestTasks } from '../api/home.ts'
import { runningRows } from '../lib/running-rows.ts'
import { Section } from './section.tsx'

/** What is under way, how far it is, and who works on it. */
export function RunningNow({ running }: { running: Home['running'] }) {
  const tasks = useNewestTasks()
  const rows = runningRows(running, new Map(tasks.data?.map((task) => [task.id, task.description])))
  return (
    <Section title="Running now" aside={rows.length > 0 ? `${rows.length} shown` : null}>
      {rows.length === 0 ? (
        <p className="px-4 py-4 text-sm text-ink-2">Nothing is running. Start something below.</p>
      ) : null}
      <ul>
        {rows.map((row) => (
          <li key={row.id} className="border-b border-line last:border-b-0">
            <Link to={row.to as never} className="flex flex-col gap-1.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover">
              <span className="flex items-center gap-3">
                <DomainMark domain={row.domain} />
                <span className="min-w-0 flex-1 truncate text-sm font-medium">{row.title}</span>
                <Faces names={row.agents} />
                <Chip status={row.status} />
              </span>
              <span className="flex items-center gap-3 pl-7">
                <ProgressBar
                  label={`${row.percent} % done`}
                  total={100}
                  parts={[{ tone: stateLook(row.status).tone, value: row.percent }]}
                />
                <span className="tabular w-20 shrink-0 text-right text-xs text-ink-3">
                  <Elapsed from={row.since} />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Agents as small round initials. */
function Faces({ names }: { names: string[] }) {
  if (names.length === 0) return null
  return (
    <span className="flex -space-x-1.5" title={names.join(', ')}>
      {names.slice(0, 4).map((name) => (
        <span
          key={name}
          className="grid size-6 place-items-center rounded-full border-2 border-surface bg-accent-soft text-2xs font-semibold text-accent-ink"
        >
          {name
            .replace(/^agent_/, '')
            .charAt(0)
            .toUpperCase()}
        </span>
      ))}
      <span className="sr-only">{names.join(', ')}</span>
    </span>
  )
}
