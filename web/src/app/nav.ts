import {
  Bot,
  CalendarRange,
  Clapperboard,
  Globe,
  House,
  Inbox,
  ListChecks,
  type LucideIcon,
  Radio,
  ScrollText,
  Settings,
  Workflow,
} from 'lucide-react'

export type NavItem = {
  to: string
  label: string
  icon: LucideIcon
  key: string
  hue?: string
  badge?: 'inbox' | 'agents'
}

/** The sections in three groups; `key` follows g. */
export const NAV: NavItem[][] = [
  [
    { to: '/', label: 'Home', icon: House, key: 'h' },
    { to: '/inbox', label: 'Inbox', icon: Inbox, key: 'i', badge: 'inbox' },
  ],
  [
    { to: '/tasks', label: 'Tasks', icon: ListChecks, key: 't', hue: 'text-tasks' },
    { to: '/planning', label: 'Planning', icon: CalendarRange, key: 'p', hue: 'text-planning' },
    { to: '/movies', label: 'Movies', icon: Clapperboard, key: 'm', hue: 'text-movies' },
    { to: '/simulation', label: 'Simulation', icon: Globe, key: 's', hue: 'text-simulation' },
  ],
  [
    { to: '/runs', label: 'Runs', icon: Workflow, key: 'r' },
    { to: '/agents', label: 'Agents', icon: Bot, key: 'a', badge: 'agents' },
    { to: '/events', label: 'Events', icon: Radio, key: 'e' },
    { to: '/audit', label: 'Audit', icon: ScrollText, key: 'u' },
    { to: '/settings', label: 'Settings', icon: Settings, key: ',' },
  ],
]

/** The sections of a server that only shows simulations. */
export const READER_NAV: NavItem[][] = [NAV.flat().filter((item) => item.to === '/simulation')]

/** Where "+ New" leads: one beginning per domain. */
export const NEW_ITEMS = [
  {
    to: '/tasks',
    search: { tab: 'submit' },
    label: 'Task',
    hint: 'Any job in plain words',
    icon: ListChecks,
    hue: 'text-tasks',
  },
  {
    to: '/planning',
    search: { new: '1' },
    label: 'Event plan',
    hint: 'A meetup to an 800-person conference',
    icon: CalendarRange,
    hue: 'text-planning',
  },
  {
    to: '/movies',
    search: { new: '1' },
    label: 'Film',
    hint: 'Concept to finished production',
    icon: Clapperboard,
    hue: 'text-movies',
  },
  {
    to: '/simulation',
    search: { new: '1' },
    label: 'Simulation',
    hint: 'A turn-based world of agents',
    icon: Globe,
    hue: 'text-simulation',
  },
] as const
