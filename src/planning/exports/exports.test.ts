import { expect, it } from 'vitest'
import { completeBoard } from '../gates/_test-board.ts'
import { calendarFile } from './calendar-file.ts'
import { csvTable } from './csv-table.ts'

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
