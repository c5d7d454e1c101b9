import { createHash } from 'node:crypto'

/**
 * A UUID (version 4 layout) made from its parts. The engine names tasks and artifacts this way, so that the same step
 * taken twice, before and after a crash, makes the same row and not a second one.
 */
export function deriveId(...parts: (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
