const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }

/** "14–15 Nov 2025", "30 Nov – 2 Dec 2025", or with the hours when both are on one day. Browser's zone. */
export function dateRange(start: string, end: string): string {
  const [a, b] = [new Date(start), new Date(end)]
  if (Number.isNaN(a.getTime()) || Number.isNaN(b.getTime())) return '–'
  const year = b.getFullYear()
  if (a.toDateString() === b.toDateString())
    return `${a.toLocaleDateString('en-GB', day)} ${year}, ${clock(a)}–${clock(b)}`
  if (a.getMonth() === b.getMonth() && a.getFullYear() === year)
    return `${a.getDate()}–${b.toLocaleDateString('en-GB', day)} ${year}`
  return `${a.toLocaleDateString('en-GB', day)} – ${b.toLocaleDateString('en-GB', day)} ${year}`
}

/** Hours and minutes in the browser's zone. */
export const clock = (at: string | number | Date) =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false })

/** "14 Nov" or "Fri 14 Nov". */
export const shortDay = (at: string | number, weekday = false) =>
  new Date(at).toLocaleDateString('en-GB', weekday ? { ...day, weekday: 'short' } : day)

/** A local date and time for an input of type datetime-local, and back to UTC. */
export function toLocalInput(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export function fromLocalInput(value: string): string {
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
