import { Link, Navigate } from '@tanstack/react-router'
import { CalendarRange, Clapperboard, Globe, ListChecks, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { useServerKind } from '../../api/server-kind.ts'
import { Crumbs } from '../../app/crumbs.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Money } from '../../components/money.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { plural } from '../../lib/format.ts'
import { readStored, writeStored } from '../../lib/storage.ts'
import { useUrlState } from '../../lib/use-url-state.ts'
import { type Home, useHome } from './api/home.ts'
import { BeginAgain } from './components/begin-again.tsx'
import { Failures } from './components/failures.tsx'
import { Fleet } from './components/fleet.tsx'
import { Hero } from './components/hero.tsx'
import { RunningNow } from './components/running-now.tsx'
import { Tour } from './components/tour.tsx'
import { Waiting } from './components/waiting.tsx'

/** What needs me, what runs, what failed, how the fleet is, and four beginnings. */
export default function HomePage() {
  const kind = useServerKind()
  const { data, error, refetch } = useHome(kind === 'platform')
  const [url, setUrl] = useUrlState()
  const [seen, setSeen] = useState(() => readStored('tour') === 'seen')
  const tour = url.tour === '1' || (!seen && data !== undefined)
  const close = () => {
    writeStored('tour', 'seen')
    setSeen(true)
    setUrl({ tour: undefined })
  }
  if (kind === 'reader') return <Navigate to={'/simulation' as never} replace />
  return (
    <div role="region" aria-label="Home" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2">
      <Crumbs trail={[{ label: 'Home' }]} title="Troupe" />
      <div className="mx-auto flex max-w-6xl flex-col gap-5 p-4 md:p-6">
        {error && !data ? (
          <ErrorPanel error={error} title="The overview could not be read" onRetry={() => void refetch()} />
        ) : null}
        {!data && !error ? <Skeleton rows={6} height={48} /> : null}
        {tour ? <Tour onClose={close} /> : null}
        {data ? <Overview home={data} tour={tour} /> : null}
        <BeginAgain />
        <TryIt onTour={tour ? undefined : () => setUrl({ tour: '1' })} />
      </div>
    </div>
  )
}

function Overview({ home, tour }: { home: Home; tour: boolean }) {
  const quiet = home.waiting.total === 0 && home.running.total === 0 && home.running.plans.length === 0
  return (
    <>
      {quiet && !tour ? <Hero /> : null}
      <div className="grid gap-5 lg:grid-cols-5">
        <div className="flex min-w-0 flex-col gap-5 lg:col-span-3">
          <Waiting waiting={home.waiting} />
          <RunningNow running={home.running} />
        </div>
        <div className="flex min-w-0 flex-col gap-5 lg:col-span-2">
          <Failures failures={home.failures} />
          <Fleet fleet={home.fleet} />
          <p className="px-1 text-xs text-ink-3">
            Models today: <Money amount={home.spent_today.usd} className="text-ink-2" /> ·{' '}
            {plural(home.spent_today.tokens, 'token')} · {plural(home.spent_today.calls, 'call')}
          </p>
        </div>
      </div>
    </>
  )
}

type Tile = {
  to: string
  search: Record<string, string>
  icon: LucideIcon
  hue: string
  title: string
  text: string
  example: string
}
const TILES: Tile[] = [
  {
    to: '/tasks',
    search: {},
    icon: ListChecks,
    hue: 'text-tasks',
    title: 'A task',
    text: 'Any job in plain words, split among agents.',
    example: 'Analyze sales.csv with charts',
  },
  {
    to: '/planning',
    search: { new: '1' },
    icon: CalendarRange,
    hue: 'text-planning',
    title: 'An event',
    text: 'From brief to postmortem, with your approvals.',
    example: 'AI summit, 200 people, two days',
  },
  {
    to: '/movies',
    search: { new: '1' },
    icon: Clapperboard,
    hue: 'text-movies',
    title: 'A film',
    text: 'From concept to finished production.',
    example: 'A lighthouse keeper finds a letter',
  },
  {
    to: '/simulation',
    search: { new: '1' },
    icon: Globe,
    hue: 'text-simulation',
    title: 'A world',
    text: 'Agents that act turn by turn, every cause kept.',
    example: 'Three traders, forty turns',
  },
]

function TryIt({ onTour }: { onTour: (() => void) | undefined }) {
  return (
    <section aria-label="Try it">
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <h2 className="font-semibold">Try it</h2>
        {onTour ? (
          <button
            type="button"
            onClick={onTour}
            className="rounded text-sm font-medium text-accent-ink underline underline-offset-2"
          >
            Live demonstrations
          </button>
        ) : null}
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {TILES.map(({ to, search, icon: Icon, hue, title, text, example }) => (
          <li key={to}>
            <Link
              to={to as never}
              search={search as never}
              className="panel flex h-full flex-col gap-1 p-4 transition-colors hover:border-line-strong hover:bg-hover"
            >
              <span className="mb-1 flex items-center gap-2 font-semibold">
                <Icon size={18} aria-hidden="true" className={hue} />
                {title}
              </span>
              <span className="text-sm text-ink-2">{text}</span>
              <span className="mt-auto pt-2 text-xs text-ink-3">“{example}”</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
