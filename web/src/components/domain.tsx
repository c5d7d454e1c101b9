import { Bot, CalendarRange, Clapperboard, Globe, ListChecks, type LucideIcon } from 'lucide-react'

const DOMAINS: Record<string, { icon: LucideIcon; label: string; hue: string }> = {
  tasks: { icon: ListChecks, label: 'Tasks', hue: 'text-tasks' },
  planning: { icon: CalendarRange, label: 'Planning', hue: 'text-planning' },
  movies: { icon: Clapperboard, label: 'Movies', hue: 'text-movies' },
  simulation: { icon: Globe, label: 'Simulation', hue: 'text-simulation' },
}

export const DOMAIN_OPTIONS = [
  { value: '', label: 'Any domain' },
  ...Object.entries(DOMAINS).map(([value, { label }]) => ({ value, label })),
]

/** A domain's icon in its quiet hue, for orientation; `named` adds its name. */
export function DomainMark({ domain, named = false, size = 15 }: { domain: string; named?: boolean; size?: number }) {
  const { icon: Icon, label, hue } = DOMAINS[domain] ?? { icon: Bot, label: domain, hue: 'text-ink-3' }
  return (
    <span className="inline-flex items-center gap-1.5" title={label}>
      <Icon size={size} aria-hidden="true" className={`shrink-0 ${hue}`} />
      <span className={named ? 'text-xs text-ink-2' : 'sr-only'}>{label}</span>
    </span>
  )
}
