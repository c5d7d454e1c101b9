import { agentsPages } from '../features/agents/pages.ts'
import { auditPages } from '../features/audit/pages.ts'
import { eventsPages } from '../features/events/pages.ts'
import { homePages } from '../features/home/pages.ts'
import { inboxPages } from '../features/inbox/pages.ts'
import { kitPages } from '../features/kit/pages.ts'
import { moviesPages } from '../features/movies/pages.ts'
import { planningPages } from '../features/planning/pages.ts'
import { runsPages } from '../features/runs/pages.ts'
import { settingsPages } from '../features/settings/pages.ts'
import { simulationPages } from '../features/simulation/pages.ts'
import { tasksPages } from '../features/tasks/pages.ts'
import { whyPages } from '../features/why/pages.ts'
import type { Feature } from './feature-page.ts'

/** Every section of the app and where it lives. Each page is loaded when it is opened. */
export const features: readonly Feature[] = [
  { base: '/', pages: homePages },
  { base: '/inbox', pages: inboxPages },
  { base: '/tasks', pages: tasksPages },
  { base: '/planning', pages: planningPages },
  { base: '/movies', pages: moviesPages },
  { base: '/simulation', pages: simulationPages },
  { base: '/runs', pages: runsPages },
  { base: '/agents', pages: agentsPages },
  { base: '/events', pages: eventsPages },
  { base: '/why', pages: whyPages },
  { base: '/audit', pages: auditPages },
  { base: '/settings', pages: settingsPages },
  { base: '/kit', pages: kitPages },
]
