import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Best, middle and worst of several rounds: what the code needs, what to expect, and what a loaded machine makes of it. */
export type Spread = { best: number; median: number; worst: number }

const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

export function spread(samples: readonly number[], digits = 2): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  return {
    best: round(sorted[0]!, digits),
    median: round(sorted[Math.floor(sorted.length / 2)]!, digits),
    worst: round(sorted.at(-1)!, digits),
  }
}

/** For rates the worst is the smallest. */
export function rateSpread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  return {
    best: Math.round(sorted.at(-1)!),
    median: Math.round(sorted[Math.floor(sorted.length / 2)]!),
    worst: Math.round(sorted[0]!),
  }
}

/** Milliseconds of each of several rounds, after one that does not count. */
export async function timed(rounds: number, work: () => Promise<unknown>): Promise<Spread> {
  await work()
  const samples: number[] = []
  for (let i = 0; i < rounds; i++) {
    const from = performance.now()
    await work()
    samples.push(performance.now() - from)
  }
  return spread(samples, 1)
}

/** What the machine was doing: load of the last minute per core. */
export const loadPerCore = (): number => round(os.loadavg()[0]! / os.cpus().length, 1)

export const tempFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))

export const say = (line: object): void => console.log(JSON.stringify(line))
