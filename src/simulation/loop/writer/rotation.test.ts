import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDetailEvent } from '../events/build-event.ts'
import { isEventFile, sequenceFiles } from '../events/event-files.ts'
import { detail, fsWith, linesOf, manualClock, milestone, recordingLogger, withFolder } from './_writer-helpers.ts'
import { EventWriter } from './event-writer.ts'

const NAME = /^events_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{6}(-\d+)?\.jsonl$/

const filesIn = (dir: string) => sequenceFiles(fs.readdirSync(dir).filter(isEventFile), () => 0)

describe('rotation', () => {
  it('keeps every file below the limit and loses nothing', () =>
    withFolder(async (dir) => {
      const limit = 5 * 1024 * 1024
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        verbosity: 'DETAIL',
        maxFileSize: limit,
        maxQueueSize: 100_000,
      })
      await writer.start()
      const values = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`v${i}`, 'x'.repeat(100)]))
      let emitted = 0
      for (let bytes = 0; bytes < 12.5 * 1024 * 1024; bytes += 6300) {
        writer.emit(
          createDetailEvent({
            simulationId: 'run',
            turnNumber: Math.floor(emitted / 100),
            calculationType: 'x',
            intermediateValues: values,
            description: 'd'.repeat(400),
          }),
        )
        if (++emitted % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      const stats = await writer.stop()
      const files = filesIn(dir)
      expect(files.length).toBeGreaterThanOrEqual(3)
      expect(files.at(-1)).toBe('events.jsonl')
      for (const name of files.slice(0, -1)) expect(name).toMatch(NAME)
      for (const name of files) expect(fs.statSync(path.join(dir, name)).size).toBeLessThanOrEqual(limit)
      const events = files.flatMap((name) => linesOf(path.join(dir, name)))
      expect(events).toHaveLength(stats.accepted + stats.warnings_written)
      expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length)
      const stamps = events.map(({ timestamp }) => timestamp)
      expect(stamps).toEqual([...stamps].sort())
      expect(stats.rotations).toBe(files.length - 1)
    }))

  it('lets a file hold one event larger than the limit', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', verbosity: 'DETAIL', maxFileSize: 500 })
      await writer.start()
      for (const text of ['a', 'b'.repeat(900), 'c']) writer.emit(detail(text))
      await writer.stop()
      expect(filesIn(dir).map((name) => linesOf(path.join(dir, name)).length)).toEqual([1, 1, 1])
    }))

  it('names files apart when time stands still and never overwrites', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', maxFileSize: 1, clock: manualClock() })
      fs.writeFileSync(path.join(dir, 'events_2025-10-08_10-30-45-000000.jsonl'), 'old')
      await writer.start()
      for (let i = 0; i < 4; i++) writer.emit(milestone(i))
      await writer.stop()
      const files = filesIn(dir)
      expect(files).toEqual([
        'events_2025-10-08_10-30-45-000000.jsonl',
        'events_2025-10-08_10-30-45-000000-1.jsonl',
        'events_2025-10-08_10-30-45-000001.jsonl',
        'events_2025-10-08_10-30-45-000002.jsonl',
        'events.jsonl',
      ])
      expect(files.slice(1).map((name) => linesOf(path.join(dir, name))[0].turn_number)).toEqual([0, 1, 2, 3])
      expect(fs.readFileSync(path.join(dir, files[0]!), 'utf8')).toBe('old')
    }))

  it('keeps writing to the file when renaming is not permitted, and tries again after a minute', () =>
    withFolder(async (dir) => {
      const clock = manualClock()
      let denied = true
      const { log, lines } = recordingLogger()
      const guarded = fsWith({
        renameSync: (from, to) => {
          if (denied) throw new Error('EPERM')
          fs.renameSync(from, to)
        },
      })
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        maxFileSize: 300,
        clock,
        fs: guarded,
        logger: log,
      })
      await writer.start()
      for (let i = 0; i < 4; i++) {
        writer.emit(milestone(i))
        await writer.flush()
      }
      denied = false
      clock.advance(59_000)
      writer.emit(milestone(4))
      await writer.flush()
      expect(filesIn(dir)).toEqual(['events.jsonl'])
      expect(lines.filter(({ event }) => event === 'event_file_rotation_failed')).toHaveLength(1)
      clock.advance(2000)
      writer.emit(milestone(5))
      const stats = await writer.stop()
      expect(stats).toMatchObject({ written: 6, lost: 0, rotations: 1 })
      expect(linesOf(path.join(dir, 'events.jsonl')).map(({ turn_number }) => turn_number)).toEqual([5])
    }))
})

describe('start-up repair', () => {
  const write = (dir: string, text: string) => fs.writeFileSync(path.join(dir, 'events.jsonl'), text)
  const line = (turn: number) => `${JSON.stringify(milestone(turn))}\n`

  it('cuts a torn last line and says so with a later stamp', () =>
    withFolder(async (dir) => {
      write(dir, `${line(1)}${line(7)}{"event_id":"01K7`)
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', verbosity: 'MILESTONE' })
      await writer.start()
      writer.emit(milestone(8))
      await writer.stop()
      const events = linesOf(path.join(dir, 'events.jsonl'))
      expect(events.map(({ turn_number }) => turn_number)).toEqual([1, 7, 7, 8])
      expect(events[2].details).toMatchObject({ system_event_type: 'stream_repaired', status: 'warning' })
      expect(events.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id).sort())
    }))

  it('gives a whole last line its newline', () =>
    withFolder(async (dir) => {
      write(dir, line(1) + line(2).trimEnd())
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run' })
      await writer.start()
      writer.emit(milestone(3))
      await writer.stop()
      expect(linesOf(path.join(dir, 'events.jsonl')).map(({ turn_number }) => turn_number)).toEqual([1, 2, 3])
    }))

  it('repairs a file that is nothing but a fragment, in sync mode too', () =>
    withFolder((dir) => {
      write(dir, 'garbage')
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', mode: 'sync' })
      writer.emit(milestone(1))
      const events = linesOf(path.join(dir, 'events.jsonl'))
      expect(events.map(({ turn_number, event_type }) => [turn_number, event_type])).toEqual([
        [0, 'SYSTEM'],
        [1, 'MILESTONE'],
      ])
    }))

  it('continues a sound file and knows its size', () =>
    withFolder(async (dir) => {
      write(dir, line(1))
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run' })
      expect(writer.currentSize).toBe(fs.statSync(path.join(dir, 'events.jsonl')).size)
      await writer.start()
      writer.emit(milestone(2))
      await writer.stop()
      expect(linesOf(path.join(dir, 'events.jsonl'))).toHaveLength(2)
    }))
})
