import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { withTemp } from '../cli/_run-cli.ts'
import { milestoneOf, writeLines } from './_service-helpers.ts'
import { RunScan } from './run-scan.ts'
import { ScanCache } from './scan-cache.ts'

it('drops the index nobody asked for in ten minutes, and builds it again when somebody does', () =>
  withTemp(async (root) => {
    for (const run of ['old', 'new'])
      writeLines(
        root,
        run,
        'events.jsonl',
        Array.from({ length: 50 }, (_, i) => milestoneOf(i, 1, 'turn_start')),
      )
    let now = 0
    const made: string[] = []
    const make = (id: string) => {
      made.push(id)
      return new RunScan(id, path.join(root, id))
    }
    const cache = new ScanCache(Number.POSITIVE_INFINITY, make, () => now)
    const look = (id: string) => cache.fresh(id, () => false)
    const first = await look('old')
    now += 9 * 60_000
    await look('new')
    expect(await look('old')).toBe(first)
    now += 11 * 60_000
    const bytes = cache.bytes
    await look('new')
    expect(cache.bytes).toBeLessThan(bytes)
    expect((await look('old'))?.index.length).toBe(50)
    expect(made).toEqual(['old', 'new', 'old'])
    fs.rmSync(path.join(root, 'old'), { recursive: true })
    expect(await look('old')).toBeUndefined()
  }))
