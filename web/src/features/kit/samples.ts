import type { BarItem } from '../../viewers/bars-layout.ts'
import type { CausalEdge, CausalNode } from '../../viewers/causality-layout.ts'
import type { GanttTask } from '../../viewers/critical-path.ts'
import type { Frame } from '../../viewers/filmstrip-layout.ts'
import type { GraphEdge, GraphNode } from '../../viewers/graph-layout.ts'
import type { MatrixPoint } from '../../viewers/matrix-layout.ts'
import type { TimelineBar, TimelineLane } from '../../viewers/timeline-rows.ts'

const T = Date.UTC(2026, 2, 2, 9)
const DAY = 86_400_000

export const graphNodes: GraphNode[] = [
  {
    id: 'fetch',
    title: 'Fetch weather data from the API',
    status: 'completed',
    tone: 'done',
    agent: 'agent_2',
    sub: '1.4 s',
  },
  {
    id: 'check',
    title: 'Validate the extracted data',
    status: 'completed',
    tone: 'done',
    agent: 'agent_1',
    sub: '0.3 s',
    attempts: 2,
  },
  { id: 'trend', title: 'Analyze temperature trends', status: 'running', tone: 'running', agent: 'agent_5' },
  { id: 'store', title: 'Store in database table readings', status: 'failed', tone: 'failed', agent: 'agent_3' },
  { id: 'report', title: 'Create summary report', status: 'queued', tone: 'paused' },
  { id: 'notify', title: 'Send the report', status: 'blocked', tone: 'blocked' },
  { id: 'skip', title: 'Ask for another source', status: 'skipped', tone: 'draft', faint: true },
]
export const graphEdges: GraphEdge[] = [
  { from: 'fetch', to: 'check' },
  { from: 'check', to: 'trend' },
  { from: 'check', to: 'store' },
  { from: 'trend', to: 'report' },
  { from: 'store', to: 'notify' },
  { from: 'report', to: 'notify' },
  { from: 'fetch', to: 'skip' },
]

export const lanes: TimelineLane[] = [
  { id: 'agent_1', label: 'agent_1' },
  { id: 'agent_2', label: 'agent_2' },
  { id: 'you', label: 'You' },
]
export const timeBars: TimelineBar[] = [
  { id: 'b1', lane: 'agent_2', start: T, end: T + 14_000, title: 'Fetch data', tone: 'done' },
  { id: 'b2', lane: 'agent_1', start: T + 15_000, end: T + 21_000, title: 'Validate', tone: 'failed', attempt: 1 },
  { id: 'b3', lane: 'agent_1', start: T + 22_000, end: T + 34_000, title: 'Validate', tone: 'done', attempt: 2 },
  {
    id: 'b4',
    lane: 'you',
    start: T + 34_000,
    end: T + 46_000,
    title: 'Approve storing',
    tone: 'waiting',
    waiting: true,
  },
  { id: 'b5', lane: 'agent_2', start: T + 3_600_000, end: T + 3_630_000, title: 'Store rows', tone: 'done' },
  { id: 'b6', lane: 'agent_1', start: T + 3_612_000, end: T + 3_640_000, title: 'Report', tone: 'blocked' },
]

const gantt = (
  id: string,
  title: string,
  from: number,
  to: number,
  dependsOn: string[],
  status: string,
  extra: Partial<GanttTask> = {},
): GanttTask => ({
  ...{ id, title, start: T + from * DAY, end: T + to * DAY, dependsOn, status },
  ...extra,
})
export const ganttTasks: GanttTask[] = [
  gantt('brief', 'Brief agreed', 0, 0, [], 'completed', { milestone: true }),
  gantt('venue', 'Shortlist venues', 0, 6, ['brief'], 'completed', { progress: 1 }),
  gantt('visit', 'Visit the three best', 6, 10, ['venue'], 'running', { progress: 0.4 }),
  gantt('budget', 'Budget approval', 10, 12, ['visit'], 'waiting'),
  gantt('speakers', 'Invite speakers', 4, 11, ['brief'], 'running', { progress: 0.6 }),
  gantt('print', 'Print material', 11, 14, ['speakers'], 'draft'),
  gantt('contract', 'Sign the venue', 12, 17, ['budget'], 'blocked'),
  gantt('doors', 'Doors open', 17, 17, ['contract', 'print'], 'draft', { milestone: true }),
]
export const ganttNow = T + 8.5 * DAY

export const bars: BarItem[] = [
  { id: 'venue', label: 'Venue', plan: 18_000, committed: 19_500, actual: 6000 },
  { id: 'food', label: 'Catering', plan: 12_000, committed: 8000, actual: 2500 },
  { id: 'av', label: 'Sound and light', plan: 6000, committed: 6000, actual: 0 },
  { id: 'travel', label: 'Travel', plan: 9500, committed: 1200, actual: 900 },
]

export const risks: MatrixPoint[] = [
  { id: 'r1', label: 'Venue cancels', x: 2, y: 5 },
  { id: 'r2', label: 'Keynote speaker ill', x: 3, y: 4 },
  { id: 'r3', label: 'Fewer guests than planned', x: 4, y: 2 },
  { id: 'r4', label: 'Wifi overload', x: 4, y: 2 },
  { id: 'r5', label: 'Rain on the terrace', x: 5, y: 4 },
]

export const places = Array.from({ length: 48 }, (_, i) => ({
  id: `${i % 8},${Math.floor(i / 8)}`,
  value: (i * 13) % 29,
}))
export const tokens = [
  { id: 'ada', label: 'ada', place: '2,1' },
  { id: 'bo', label: 'bo', place: '2,1' },
  { id: 'cy', label: 'cy', place: '6,4' },
]

export const frames: Frame[] = [
  'A harbour at dawn',
  'The letter',
  'Run along the quay',
  'Close on the compass',
  'Wide: the ship leaves',
  'Title',
].map((title, i) => ({
  id: `f${i + 1}`,
  title,
  status: ['approved', 'approved', 'review', 'running', 'failed', 'draft'][i] ?? 'draft',
  seconds: 2 + (i % 3) * 1.5,
}))

export const chart = ['ada', 'bo', 'cy'].map((name, s) => ({
  id: name,
  label: `${name}.wealth`,
  points: Array.from({ length: 60 }, (_, i) => ({
    x: i,
    y: 1000 + s * 80 + 60 * Math.sin(i / (4 + s)) + i * (s - 0.6) * 4,
  })),
}))

export const causes: CausalNode[] = [
  { id: 'turn', title: 'Turn 4 started', kind: 'MILESTONE' },
  { id: 'ada', title: 'ada decided: trade', kind: 'DECISION' },
  { id: 'bo', title: 'bo decided: hold', kind: 'DECISION' },
  { id: 'act', title: 'ada traded 40 with bo', kind: 'ACTION' },
  { id: 's1', title: 'ada.wealth: 1000 → 960', kind: 'STATE' },
  { id: 's2', title: 'bo.wealth: 1000 → 1040', kind: 'STATE' },
  { id: 'next', title: 'bo decided: invest', kind: 'DECISION' },
]
export const causeEdges: CausalEdge[] = [
  { from: 'turn', to: 'ada' },
  { from: 'turn', to: 'bo' },
  { from: 'ada', to: 'act' },
  { from: 'act', to: 's1' },
  { from: 'act', to: 's2' },
  { from: 's2', to: 'next', hidden: true },
]

export type SampleRow = { id: string; name: string; status: string; agent: string; cost: number; at: number }
const STATES = ['waiting', 'running', 'done', 'failed', 'blocked', 'paused', 'draft']
export const sampleRows: SampleRow[] = Array.from({ length: 100_000 }, (_, i) => ({
  id: `row_${i}`,
  name: `Step ${i + 1} of a long run`,
  status: STATES[i % 7] ?? 'draft',
  agent: `agent_${(i % 5) + 1}`,
  cost: ((i * 7919) % 10_000) / 100,
  at: T + i * 1000,
}))
