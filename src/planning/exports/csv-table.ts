import type { Board } from '../artifacts/board.ts'

type Cell = string | number | boolean | null | undefined
type Table = { header: string[]; rows: Cell[][] }

export const CSV_TABLES = ['timeline', 'tasks', 'budget', 'schedule', 'risks', 'venues'] as const
export type CsvTable = (typeof CSV_TABLES)[number]

const TABLES: Record<CsvTable, (board: Board) => Table> = {
  timeline: ({ artifacts }) => {
    const path = new Set(artifacts.Timeline?.critical_path ?? [])
    return {
      header: ['kind', 'id', 'name', 'start', 'end', 'status', 'owner', 'depends_on', 'critical'],
      rows: [
        ...(artifacts.Timeline?.phases ?? []).map(({ name, start, end }): Cell[] => ['phase', '', name, start, end]),
        ...(artifacts.Timeline?.milestones ?? []).map(({ id, name, date, dependencies }): Cell[] => [
          'milestone',
          id,
          name,
          date,
          date,
          '',
          '',
          dependencies.join(' '),
          path.has(id),
        ]),
        ...artifacts.TaskRegister.map((task): Cell[] => [
          'task',
          task.id,
          task.title,
          task.start_date,
          task.end_date,
          task.status,
          task.owner,
          task.dependencies.join(' '),
          path.has(task.id),
        ]),
      ].map((row) => [...row, ...Array<Cell>(9 - row.length).fill('')]),
    }
  },
  tasks: ({ artifacts }) => ({
    header: ['id', 'title', 'owner', 'status', 'start', 'end', 'depends_on', 'slack_days'],
    rows: artifacts.TaskRegister.map((task) => [
      task.id,
      task.title,
      task.owner,
      task.status,
      task.start_date,
      task.end_date,
      task.dependencies.join(' '),
      task.slack,
    ]),
  }),
  budget: ({ artifacts }) => ({
    header: ['category', 'item', 'quantity', 'unit_cost', 'total', 'list_unit_cost', 'actual_total', 'reserve'],
    rows: (artifacts.CostModel?.line_items ?? []).map((line) => [
      line.category,
      line.item,
      line.quantity,
      line.unit_cost,
      line.total,
      line.list_unit_cost,
      line.actual_total,
      line.is_reserve,
    ]),
  }),
  schedule: ({ artifacts }) => ({
    header: ['id', 'title', 'start', 'end', 'location', 'track', 'resources'],
    rows: (artifacts.Schedule?.sessions ?? []).map((session) => [
      session.id,
      session.title,
      session.start,
      session.end,
      session.location,
      session.track,
      session.resources.join(' '),
    ]),
  }),
  risks: ({ artifacts }) => ({
    header: ['id', 'description', 'probability', 'impact', 'rating', 'status', 'owner', 'mitigation'],
    rows: artifacts.RiskRegister.map((risk) => [
      risk.id,
      risk.description,
      risk.probability,
      risk.impact,
      risk.rating,
      risk.status,
      risk.owner,
      risk.mitigation_strategies.join('; '),
    ]),
  }),
  venues: ({ artifacts }) => ({
    header: ['id', 'venue', 'location', 'capacity', 'cost', 'role', 'status', 'total', 'rank'],
    rows: artifacts.VenueShortlist.map((venue) => {
      const score = artifacts.VenueScorecard?.candidate_scores.find(({ venue_id }) => venue_id === venue.id)
      return [
        venue.id,
        venue.venue_name,
        venue.location,
        venue.capacity,
        venue.cost_estimate,
        venue.venue_role,
        venue.status,
        score?.total,
        score?.rank,
      ]
    }),
  }),
}

/** Quotes when needed; a text that a spreadsheet would run as a formula gets a leading apostrophe. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One table of an event as CSV (RFC 4180). */
export function csvTable(board: Board, name: CsvTable): string {
  const { header, rows } = TABLES[name](board)
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
