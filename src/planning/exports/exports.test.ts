import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { completeBoard } from '../gates/_test-board.ts'
import { calendarFile } from './calendar-file.ts'
import { CSV_TABLES, csvTable } from './csv-table.ts'

it('writes a calendar of folded lines, the same twice', () => {
  const board = completeBoard()
  board.brief.title = `Spring; meetup, ${'long '.repeat(30)}`
  const text = calendarFile(board)
  expect(text).toBe(calendarFile(board))
  expect(text.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n')).toBe(true)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  expect(text.replaceAll('\r\n ', '')).toContain('SUMMARY:Spring\\; meetup\\, long')
  expect(text.match(/BEGIN:VEVENT/g)?.length).toBe(text.match(/END:VEVENT/g)?.length)
})

it('writes CSV whose cells a spreadsheet does not run', () => {
  const board = completeBoard()
  board.artifacts.TaskRegister[0]!.title = '=1+1, "quoted"'
  const [header, first] = csvTable(board, 'tasks').split('\r\n')
  expect(header).toBe('id,title,owner,status,start,end,depends_on,slack_days')
  expect(first).toContain(`"'=1+1, ""quoted"""`)
})

/** A reader of its own: unfolds lines, splits components and properties as RFC 5545 says. */
function readCalendar(text: string): Record<string, string>[] {
  const events: Record<string, string>[] = []
  for (const line of text.replaceAll('\r\n ', '').split('\r\n')) {
    const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? []
    if (line === 'BEGIN:VEVENT') events.push({})
    else if (name && events.length > 0 && !line.startsWith('END:'))
      events.at(-1)![name] = value!.replace(/\\([\\;,n])/g, (_, c: string) => (c === 'n' ? '\n' : c))
  }
  return events
}

it('keeps the identity of each entry when its time or title moves, so that subscriptions follow', () => {
  const board = completeBoard()
  const before = readCalendar(calendarFile(board))
  const session = board.artifacts.Schedule!.sessions[0]!
  Object.assign(session, {
    title: 'Moved; and renamed, twice',
    start: '2026-03-01T19:00:00Z',
    end: '2026-03-01T20:00:00Z',
  })
  board.artifacts.Schedule!.version += 1
  board.brief.title = 'Another title'
  const after = readCalendar(calendarFile(board))
  expect(after.map(({ UID }) => UID)).toEqual(before.map(({ UID }) => UID))
  expect(new Set(after.map(({ UID }) => UID)).size).toBe(after.length)
  const moved = after.find(({ SUMMARY }) => SUMMARY === 'Moved; and renamed, twice')!
  expect(moved['DTSTART']).toBe('20260301T190000Z')
  expect(Number(moved['SEQUENCE'])).toBeGreaterThan(Number(before[0]!['SEQUENCE']))
  for (const event of after) expect(event['DTEND']! > event['DTSTART']!).toBe(true)
})

it('writes every table so that another reader finds the same cells', () => {
  const board = completeBoard()
  for (const name of CSV_TABLES) {
    const rows = parse(csvTable(board, name), { columns: true }) as Record<string, string>[]
    expect(rows.length, name).toBeGreaterThan(0)
  }
  const timeline = parse(csvTable(board, 'timeline'), { columns: true }) as Record<string, string>[]
  expect(new Set(timeline.map(({ kind }) => kind))).toEqual(new Set(['phase', 'milestone', 'task']))
  expect(
    timeline
      .filter(({ critical }) => critical === 'true')
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...board.artifacts.Timeline!.critical_path].sort())
})
