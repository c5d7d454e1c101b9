import { formatNumber } from './format-number.ts'

/** Small HTML builders. Every text passes `escapeHtml`; only these functions make markup. */
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/** `1234567.5` -> `1,234,567.5`; other values as they are. Long decimals are cut to 6 places for reading. */
export function readable(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value)
  if (value === null || value === undefined) return '–'
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

export const isNumeric = (value: unknown): boolean => typeof value === 'number'

export type Column = string | { key: string; title: string }

/** A table of records. Numbers are right-aligned and grouped; at most `maxRows` rows are shown, and the page says so. */
export function table(rows: readonly Record<string, unknown>[], columns?: readonly Column[], maxRows = 100): string {
  const wanted = (columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))]).map((column) =>
    typeof column === 'string' ? { key: column, title: column } : column,
  )
  const head = wanted.map(({ key, title }) => {
    const numeric =
      rows.length > 0 && rows.every((row) => row[key] === null || isNumeric(row[key] ?? null) || row[key] === undefined)
    return { key, cell: `<th${numeric ? ' class="number"' : ''}>${escapeHtml(title)}</th>` }
  })
  const body = rows.slice(0, maxRows).map((row) => {
    const cells = head.map(
      ({ key }) => `<td${isNumeric(row[key]) ? ' class="number"' : ''}>${escapeHtml(readable(row[key]))}</td>`,
    )
    return `<tr>${cells.join('')}</tr>`
  })
  const more = rows.length > maxRows ? `<p class="note">Showing ${maxRows} of ${readable(rows.length)} rows.</p>` : ''
  return `<div class="scroll"><table><thead><tr>${head.map(({ cell }) => cell).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>${more}`
}

export const section = (title: string, ...content: string[]): string =>
  `<section><h2>${escapeHtml(title)}</h2>${content.filter(Boolean).join('')}</section>`

export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`
export const list = (items: readonly string[]): string =>
  items.length > 0 ? `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>` : ''
export const code = (text: string): string => `<pre><code>${escapeHtml(text)}</code></pre>`
