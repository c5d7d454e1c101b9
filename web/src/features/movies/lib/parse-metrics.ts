export type Sample = { name: string; labels: Record<string, string>; value: number }

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/

/** Samples of a Prometheus text; comments and what is not understood are passed over. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = line.startsWith('#') ? null : LINE.exec(line)
    if (!match) return []
    const labels = Object.fromEntries(
      [...(match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [
        key!,
        value!.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
      ]),
    )
    return [{ name: match[1]!, labels, value: Number(match[3]) }]
  })
}

/** The sum over all series of a name, or undefined when there is none. */
export function total(
  samples: readonly Sample[],
  name: string,
  where: Record<string, string> = {},
): number | undefined {
  const fitting = samples.filter(
    (s) => s.name === name && Object.entries(where).every(([key, value]) => s.labels[key] === value),
  )
  return fitting.length === 0 ? undefined : fitting.reduce((sum, s) => sum + s.value, 0)
}

/** The upper bound of the bucket that holds the share `q` of a histogram, over all its series. */
export function quantile(samples: readonly Sample[], name: string, q: number): number | undefined {
  const buckets = new Map<number, number>()
  for (const s of samples)
    if (s.name === `${name}_bucket`) {
      const le = s.labels['le'] === '+Inf' ? Infinity : Number(s.labels['le'])
      buckets.set(le, (buckets.get(le) ?? 0) + s.value)
    }
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const all = sorted.at(-1)?.[1] ?? 0
  return all === 0 ? undefined : sorted.find(([, count]) => count >= all * q)?.[0]
}
