import { Link } from '@tanstack/react-router'

const SECTIONS = [
  { to: '/movies', label: 'Films' },
  { to: '/movies/projects', label: 'Projects' },
  { to: '/movies/agents', label: 'Crew' },
  { to: '/movies/log', label: 'Log' },
  { to: '/movies/health', label: 'Health' },
]

/** The parts of the movie domain; stands above each of its lists. */
export function Sections() {
  return (
    <nav aria-label="Movies" className="flex gap-1 overflow-x-auto border-b border-line">
      {SECTIONS.map(({ to, label }) => (
        <Link
          key={to}
          to={to as never}
          activeOptions={{ exact: true, includeSearch: false }}
          className="-mb-px flex h-10 items-center border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-ink-2 -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
