import { Link } from '@tanstack/react-router'
import { ProgressBar } from '../../../components/progress-bar.tsx'
import type { FleetPool } from '../api/home.ts'
import { Section } from './section.tsx'

/** How the agents are: how many answer, how much of their room is taken. */
export function Fleet({ fleet }: { fleet: FleetPool[] }) {
  return (
    <Section
      title="Fleet"
      aside={
        <Link to={'/agents' as never} className="rounded font-medium text-accent-ink underline underline-offset-2">
          All agents
        </Link>
      }
    >
      {fleet.length === 0 ? <p className="px-4 py-4 text-sm text-ink-2">No agents have registered yet.</p> : null}
      <ul>
        {fleet.map((pool) => (
          <li
            key={pool.pool}
            className="flex items-center gap-3 border-b border-line px-4 py-2.5 text-sm last:border-b-0"
          >
            <span className="w-24 truncate font-medium">{pool.pool}</span>
            <ProgressBar
              label={`${pool.running} of ${pool.slots} slots busy`}
              total={pool.slots}
              parts={[{ tone: 'running', value: pool.running }]}
            />
            <span
              className={`tabular w-24 shrink-0 text-right text-xs ${pool.alive < pool.total ? 'text-failed-ink' : 'text-ink-2'}`}
            >
              {pool.alive}/{pool.total} answer
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
