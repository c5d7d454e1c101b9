const SIZES = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units: 1234 -> "1.2 kB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < SIZES.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[unit]}`
}

/** A span of time in milliseconds, two units at most: 95_000 -> "1 min 35 s". */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms < 0) return `−${formatDuration(-ms)}`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const s = Math.round(ms / 1000)
  if (s < 60) return `${s} s`
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's')
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min')
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h')
}

const pair = (a: number, unitA: string, b: number, unitB: string) =>
  b === 0 ? `${a} ${unitA}` : `${a} ${unitA} ${b} ${unitB}`

/** How far `at` lies from `now`: "just now", "5 min ago", "in 2 d". Both in milliseconds since 1970. */
export function formatRelative(at: number, now: number): string {
  const ms = now - at
  const abs = Math.abs(ms)
  if (abs < 5000) return 'just now'
  const s = Math.round(abs / 1000)
  const [n, unit] =
    s < 60
      ? [s, 's']
      : s < 3600
        ? [Math.round(s / 60), 'min']
        : s < 86_400
          ? [Math.round(s / 3600), 'h']
          : s < 86_400 * 60
            ? [Math.round(s / 86_400), 'd']
            : [Math.round(s / (86_400 * 30.44)), 'mo']
  return ms >= 0 ? `${n} ${unit} ago` : `in ${n} ${unit}`
}

/** The exact time in the reader's zone, with UTC beside it. */
export function formatExact(at: number): string {
  const date = new Date(at)
  const local = date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
  return `${local} · ${date.toISOString().replace('T', ' ').slice(0, 23)} UTC`
}

/** Time of day with seconds, in the reader's zone. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour12: false })
}

/** An amount of money; cents only where they matter. */
export function formatMoney(amount: number, currency = 'USD'): string {
  const small = Math.abs(amount) < 1 && amount !== 0
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
    maximumFractionDigits: small ? 4 : 2,
  }).format(amount)
}

/** A number with thousands separators and at most `digits` decimals. */
export function formatNumber(value: number, digits = 2): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value)
}

/** "1 task", "3 tasks"; "1+ tasks" when there may be more. */
export function plural(n: number, one: string, many = `${one}s`, isMore = false): string {
  return `${formatNumber(n)}${isMore ? '+' : ''} ${n === 1 && !isMore ? one : many}`
}

/** Milliseconds of an ISO time, a number or a date; undefined when it is none. */
export function toMs(value: unknown): number | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const ms = typeof value === 'number' ? value : value instanceof Date ? value.getTime() : Date.parse(String(value))
  return Number.isFinite(ms) ? ms : undefined
}
