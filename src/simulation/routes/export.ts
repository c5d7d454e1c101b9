import { Readable } from 'node:stream'
import type { SimEvent } from '../loop/events/event.ts'

const CHUNK = 64 * 1024
const COLUMNS = [
  'event_id',
  'timestamp',
  'turn_number',
  'event_type',
  'simulation_id',
  'agent_id',
  'caused_by',
  'description',
  'details',
] as const

/** A cell that no spreadsheet takes for a formula, quoted where CSV needs it. */
function cell(value: unknown): string {
  let text = value === undefined || value === null ? '' : String(value)
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function csvRow(event: SimEvent): string {
  const values: Record<(typeof COLUMNS)[number], unknown> = {
    ...event,
    agent_id: event.agent_id,
    caused_by: event.caused_by?.join(';'),
    description: event.description,
    details: event.details && JSON.stringify(event.details),
  }
  return COLUMNS.map((column) => cell(values[column])).join(',')
}

async function* inChunks(lines: AsyncIterable<string>, head: string, convert: (line: string) => string) {
  let chunk = head
  for await (const line of lines) {
    chunk += `${convert(line)}\n`
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** Stored lines as a download: as they are, or as CSV with a heading. */
export const exportStream = (lines: AsyncIterable<string>, format: 'jsonl' | 'csv'): Readable =>
  Readable.from(
    format === 'csv'
      ? inChunks(lines, `${COLUMNS.join(',')}\n`, (line) => csvRow(JSON.parse(line) as SimEvent))
      : inChunks(lines, '', (line) => line),
    { objectMode: false },
  )
