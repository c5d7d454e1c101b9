import { displayNameOf } from '../agents/team.ts'

/** An owner as people read it: the agent's role without "Agent", or the person. */
export const shown = (owner: string): string => displayNameOf(owner).replace(/ Agent$/, '')
/** `2025-06-01T09:00:00Z` as `2025-06-01 09:00`. */
export const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ')
export const clock = (iso: string): string => iso.slice(11, 16)
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
/** `Sunday, 1 June 2025`. */
export function longDate(iso: string): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`)
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}
/** `12,500` or `312.45`. */
export const amount = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: value % 1 === 0 ? 0 : 2, maximumFractionDigits: 2 })
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  rows.length === 0
    ? ''
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.map((one) => cell(String(one))).join(' | ')} |`),
      ].join('\n')
export const list = (rows: readonly string[], empty = 'Nothing yet.'): string =>
  rows.length > 0 ? rows.map((row) => `- ${row}`).join('\n') : empty
