import type { LucideIcon } from 'lucide-react'
import { CalendarRange, Clapperboard, Globe, ListChecks } from 'lucide-react'
import { api } from '../../../api/client.ts'

export type DemoKey = 'task' | 'event' | 'film' | 'world'
export type DemoState = { status: string; percent: number; says: string }
export type Demo = {
  key: DemoKey
  icon: LucideIcon
  hue: string
  title: string
  text: string
  /** Starts it through the same API that any program uses; answers its id. */
  start(): Promise<string>
  look(id: string): Promise<DemoState>
  screen(id: string): string
}

const REGIONS = ['North', 'South', 'East', 'West', 'Centre']
const PRODUCTS = ['Lamp', 'Chair', 'Table', 'Shelf', 'Clock', 'Mirror']

/** Sales of some years as CSV: big enough that an agent works on it for a moment. The same for everybody. */
export function salesCsv(rows: number): string {
  const lines = ['date,region,product,units,price']
  for (let i = 0; i < rows; i++) {
    const day = new Date(Date.UTC(2023, 0, 1 + (i % 1000))).toISOString().slice(0, 10)
    const units = 1 + ((i * 7919) % 23)
    const price = (10 + ((i * 104729) % 9000) / 100).toFixed(2)
    lines.push(`${day},${REGIONS[i % 5]},${PRODUCTS[(i * 31) % 6]},${units},${price}`)
  }
  return `${lines.join('\n')}\n`
}

const WORLD = `simulation:
  name: Three traders
  max_turns: 40
  checkpoint_interval: 10
engine: { type: simple_economic }
validator: { type: basic }
event_stream: { verbosity: DETAIL }
agents:
  - { name: ada, type: simple }
  - name: bo
    type: scripted
    config:
      actions:
        - { action_name: trade, parameters: { amount: 40, partner: ada } }
        - { action_name: hold }
  - name: cy
    type: scripted
    config:
      actions:
        - { action_name: hold }
        - { action_name: trade, parameters: { amount: 30, partner: ada } }
`

const inDays = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
const at = encodeURIComponent

type TaskReply = {
  task: {
    status: string
    progress: { percent: number; completed: number; total: number }
    subtasks: { status: string; assigned_agent?: string | null }[]
  }
}

/** One live demonstration for each domain. */
export const DEMOS: readonly Demo[] = [
  {
    key: 'task',
    icon: ListChecks,
    hue: 'text-tasks',
    title: 'A task: analyse a table of sales',
    text: 'Agents read 40,000 rows, draw charts and write a report with downloads.',
    async start() {
      const form = new FormData()
      form.set('description', 'Analyze sales.csv with charts and a report of sales by region')
      form.append('files', new File([salesCsv(40_000)], 'sales.csv', { type: 'text/csv' }))
      return (await api<{ task_id: string }>('/tasks', { method: 'POST', body: form })).task_id
    },
    async look(id) {
      const { task } = await api<TaskReply>(`/tasks/${at(id)}`)
      const agents = [...new Set(task.subtasks.flatMap((step) => step.assigned_agent ?? []))]
      return {
        status: task.status,
        percent: task.progress.percent,
        says: `${task.progress.completed} of ${task.progress.total} steps done${agents.length > 0 ? `, by ${agents.join(', ')}` : ''}`,
      }
    },
    screen: (id) => `/tasks/${id}`,
  },
  {
    key: 'event',
    icon: CalendarRange,
    hue: 'text-planning',
    title: 'An event: a meetup for 20 people',
    text: 'Five agents turn one sentence into a brief, a plan, venues and a budget, and ask you what only you can decide.',
    start: async () =>
      (
        await api<{ event_brief: { id: string }; session_id: string }>('/api/agents/intake', {
          method: 'POST',
          body: {
            request: `Developer meetup for 20 people in Berlin on ${inDays(150)} from 18:00 to 21:00. Budget $500. Short talks about agents and time to talk.`,
          },
        })
      ).session_id,
    async look(id) {
      const session = await api<{ status: string; progress?: number; event_brief_id: string }>(
        `/api/agents/sessions/${at(id)}`,
      )
      return { status: session.status, percent: Number(session.progress ?? 0), says: session.event_brief_id }
    },
    screen: () => '/planning',
  },
  {
    key: 'film',
    icon: Clapperboard,
    hue: 'text-movies',
    title: 'A film: the letter in the lighthouse',
    text: 'From one sentence to a story, a screenplay, a storyboard and a cut, by the local studio.',
    async start() {
      const project = `lighthouse-${Date.now().toString(36)}`
      await api('/api/v1/projects', { method: 'POST', body: { project_id: project, title: 'The letter' } })
      const made = await api<{ workflow_id: string }>('/api/v1/workflows', {
        method: 'POST',
        body: {
          project_id: project,
          workflow_type: 'movie_creation',
          title: 'The letter',
          description: 'A lighthouse keeper finds a letter that was meant for somebody else.',
          target_duration: 30,
          custom_parameters: { decision_mode: 'auto', aspect_ratio: '16:9' },
        },
      })
      return made.workflow_id
    },
    async look(id) {
      const film = await api<{ status: string; progress_percentage: number; current_state: string }>(
        `/api/v1/workflows/${at(id)}`,
      )
      return { status: film.status, percent: film.progress_percentage, says: film.current_state.replaceAll('_', ' ') }
    },
    screen: (id) => `/movies/${id}`,
  },
  {
    key: 'world',
    icon: Globe,
    hue: 'text-simulation',
    title: 'A world: three traders, forty turns',
    text: 'Agents act turn by turn; every event knows its causes.',
    start: async () =>
      (await api<{ run_id: string }>('/v1/simulations', { method: 'POST', body: { config: WORLD } })).run_id,
    async look(id) {
      const run = await api<{ status: string; turn: number; max_turns: number }>(`/v1/simulations/${at(id)}`)
      return {
        status: run.status,
        percent: run.max_turns > 0 ? (100 * run.turn) / run.max_turns : 0,
        says: `turn ${run.turn} of ${run.max_turns}`,
      }
    },
    screen: (id) => `/simulation/${id}`,
  },
]
