/** Rows as aligned columns; the last column is not padded. */
export function printTable(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const text = [header, ...rows].map((row) => row.map((cell) => String(cell ?? '–').replaceAll('\n', ' ')))
  const widths = header.map((_, i) => Math.min(60, Math.max(...text.map((row) => row[i]!.length))))
  return text
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.slice(0, 60).padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `3 min ago`, for tables. */
export function ago(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return '–'
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}
