import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimEvent } from '../../src/simulation/loop/events/event.ts'
import { parseLine } from '../../src/simulation/loop/events/parse-line.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { filesOf, withRoot } from './_worlds.ts'

const EMITTER = path.join(import.meta.dirname, '_emitter.ts')

type Report = { kept: number; accepted?: number; dropped?: number; emitted?: number }

/** Lets the emitter run until it has said so much, kills it in the middle of its work, and returns its last whole report. */
function runAndKill(dir: string, mode: 'async' | 'sync', kept: number, delayMs: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EMITTER, dir, mode, '300000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    let isDying = false
    const last = () => JSON.parse(out.slice(0, out.lastIndexOf('\n')).split('\n').at(-1)!) as Report
    child.stdout.on('data', (text) => {
      out += text
      if (isDying || !out.includes('\n') || last().kept < kept) return
      isDying = true
      setTimeout(() => child.kill('SIGKILL'), delayMs)
    })
    child.on('error', reject)
    child.on('close', (_code, signal) => (signal === 'SIGKILL' ? resolve(last()) : reject(new Error('not killed'))))
  })
}

/** Everything on disk: whole valid lines, and what is not one. */
function readAll(dir: string) {
  const events: SimEvent[] = []
  const torn: string[] = []
  for (const [i, file] of filesOf(dir).entries()) {
    const parts = fs.readFileSync(file, 'utf8').split('\n')
    const rest = parts.pop()!
    if (rest !== '') torn.push(rest)
    // Only the file written last can be torn.
    expect(rest === '' || i === filesOf(dir).length - 1).toBe(true)
    for (const line of parts) {
      const parsed = parseLine(line)
      if (!('event' in parsed)) throw new Error(`${file}: ${parsed.reason}`)
      events.push(parsed.event)
    }
  }
  return { events, torn }
}

const number = (event: SimEvent) => (event.details?.['intermediate_values'] as { n: number } | undefined)?.n
const dropsTold = (events: readonly SimEvent[]) =>
  events.reduce((sum, { details }) => sum + (Number(details?.['dropped_count']) || 0), 0)

describe('kill -9 at full emission', () => {
  it.each([
    ['async', 20_000, 0],
    ['async', 20_000, 3],
    ['async', 30_000, 11],
  ] as const)('%s: every event reported as written is on disk, each once, in order, drops told', (mode, kept, delay) =>
    withRoot(async (root) => {
      const dir = path.join(root, 'run')
      const said = await runAndKill(dir, mode, kept, delay)
      const { events, torn } = readAll(dir)
      const numbers = events.map(number).filter((n) => n !== undefined)
      expect(numbers.length).toBeGreaterThanOrEqual(said.kept)
      for (let i = 1; i < numbers.length; i++) expect(numbers[i]!).toBeGreaterThan(numbers[i - 1]!)
      // Between first and last event on disk nothing is missing but what the stream itself tells as dropped.
      expect(numbers[0]).toBe(0)
      const missing = numbers.at(-1)! + 1 - numbers.length
      expect(dropsTold(events.slice(0, events.findIndex((e) => number(e) === numbers.at(-1)) + 1))).toBe(missing)
      expect(torn.length).toBeLessThanOrEqual(1)
      await expectRepaired(root, events.length, torn.length)
    }),
  )

  it.each([1500, 2500])('sync: exactly what emit returned for is on disk, and at most one event more (%i)', (kept) =>
    withRoot(async (root) => {
      const dir = path.join(root, 'run')
      const said = await runAndKill(dir, 'sync', kept, 1)
      const { events, torn } = readAll(dir)
      expect(events.map(number)).toEqual(events.map((_, n) => n))
      expect([said.kept, said.kept + 1]).toContain(events.length)
      await expectRepaired(root, events.length, torn.length)
    }),
  )
})

describe('a process that ends by itself', () => {
  it.each([
    ['throw', 1],
    ['reject', 1],
    ['exit', 7],
  ])('writes its whole queue first: %s', (how, code) =>
    withRoot(async (root) => {
      const dir = path.join(root, 'run')
      const child = spawn(process.execPath, [EMITTER, dir, 'async', '300000', how], { stdio: 'ignore' })
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(code)
      const { events, torn } = readAll(dir)
      expect(torn).toEqual([])
      expect(events.map(number)).toEqual(Array.from({ length: 3000 }, (_, n) => n))
      await expectRepaired(root, 3000, 0)
    }),
  )
})

/** Reader and writer after the crash: the reader serves what is whole; a new writer repairs, tells, and goes on. */
async function expectRepaired(root: string, count: number, torn: number): Promise<void> {
  const service = new EventService({ outputRoot: root })
  const before = await service.getFilteredEvents('run', {}, { limit: 1 })
  expect(before.total).toBe(count)
  const writer = new EventWriter({ outputDir: path.join(root, 'run'), simulationId: 'run', verbosity: 'DETAIL' })
  await writer.start()
  await writer.stop()
  const after = readAll(path.join(root, 'run'))
  expect(after.torn).toEqual([])
  expect(after.events.length).toBe(count + torn)
  const integrity = await service.getIntegrity('run')
  const { corrupted, lines } = integrity.files.reduce(
    (sum, file) => ({ corrupted: sum.corrupted + file.corrupted, lines: sum.lines + file.lines }),
    { corrupted: 0, lines: 0 },
  )
  expect({ corrupted, lines, violations: integrity.order_violations }).toEqual({
    corrupted: 0,
    lines: after.events.length,
    violations: 0,
  })
}
