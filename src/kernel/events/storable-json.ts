/**
 * JSON that PostgreSQL can keep: it takes neither NUL nor half of a character, which cutting a text may leave behind. Each becomes U+FFFD.
 * JSON.stringify writes whole characters as they are, so an escaped surrogate is always a half.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (!json.includes('\\u0000') && !json.includes('\\ud')) return json
  return json.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (part) => (part.length > 2 ? '\\ufffd' : part))
}
