export type LogLine = {
  at: Date
  level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'
  event: string
  name: string
  fields: Readonly<Record<string, unknown>>
}

export const formatJsonLine = ({ at, level, event, name, fields }: LogLine): string =>
  `${JSON.stringify({ timestamp: at.toISOString(), level, event, logger: name, ...fields })}\n`

const COLOURS = { DEBUG: '\u001b[90m', INFO: '\u001b[36m', WARNING: '\u001b[33m', ERROR: '\u001b[31m' }
const RESET = '\u001b[0m'
const two = (n: number) => String(n).padStart(2, '0')

function localTime(at: Date): string {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  return /[\s"=]/.test(text) || text === '' ? JSON.stringify(text) : text
}

export function formatConsoleLine({ at, level, event, fields }: LogLine, colour: boolean): string {
  const label = level.toLowerCase().padEnd(9)
  const tag = colour ? `${COLOURS[level]}${label}${RESET}` : label
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`)
  return `${`${localTime(at)} [${tag}] ${event.padEnd(35)}  ${pairs.join(' ')}`.trimEnd()}\n`
}
