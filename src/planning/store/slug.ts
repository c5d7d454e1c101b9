/** Lower case letters and digits joined by `-`, at most 60 characters, `fallback` when nothing is left. */
export function slug(text: string, fallback = 'event'): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return plain || fallback
}

/** `evt-20251002-developer-meetup`; the day is that of creation in UTC. */
export const eventIdBase = (title: string, now: Date): string =>
  `evt-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${slug(title)}`
