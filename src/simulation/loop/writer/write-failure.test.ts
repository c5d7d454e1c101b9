import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { enospc, fsWith, linesOf, manualClock, milestone, recordingLogger, withFolder } from './_writer-helpers.ts'
import { EventWriter } from './event-writer.ts'
import type { WriterFs } from './writer-options.ts'

type WriteArgs = [
  fd: number,
  data: Buffer,
  offset: number,
  length: number,
  position: null,
  done: (e: Error | null, n: number) => void,
]

/** fs.write that fails while `failing` says so, after writing the first `partial` bytes. */
function failingFs(
  state: { failing: boolean; partial?: number; calls: number },
  more: Partial<WriterFs> = {},
): WriterFs {
  return fsWith({
    write: ((...args: WriteArgs) => {
      state.calls++
      if (!state.failing) return fs.write(args[0], args[1], args[2], args[3], args[4], args[5])
      if (state.partial) fs.writeSync(args[0], args[1], args[2], state.partial)
      setImmediate(() => args[5](enospc(), 0))
    }) as never,
    ...more,
  })
}

const eventsFile = (dir: string) => path.join(dir, 'events.jsonl')

describe('a failing disk', () => {
  it('is tried once more, then the batch is lost, told and the run goes on', () =>
    withFolder(async (dir) => {
      const state = { failing: false, calls: 0 }
      const { log, lines } = recordingLogger()
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', fs: failingFs(state), logger: log })
      await writer.start()
      writer.emit(milestone(1))
      await writer.flush()
      state.failing = true
      const lost = [milestone(2), milestone(3)]
      for (const event of lost) writer.emit(event)
      await writer.flush()
      expect(state.calls).toBe(3)
      state.failing = false
      writer.emit(milestone(4))
      const stats = await writer.stop()
      const written = linesOf(eventsFile(dir))
      expect(written.map(({ turn_number }) => turn_number)).toEqual([1, 3, 4])
      expect(written[1].details).toMatchObject({
        system_event_type: 'events_lost',
        error_type: 'event_write_failed',
        lost_count: 2,
      })
      expect(written[1].event_id).toBe(lost[1]!.event_id)
      expect(stats).toMatchObject({ accepted: 4, written: 2, lost: 2, warnings_written: 1, write_errors: 2 })
      const failure = lines.find(({ event }) => event === 'event_file_write_failed')
      expect(failure?.fields).toMatchObject({
        count: 2,
        first_event_id: lost[0]!.event_id,
        last_event_id: lost[1]!.event_id,
        mode: 'async',
      })
    }))

  it('is left alone for a second, doubling, while the queue fills and drops', () =>
    withFolder(async (dir) => {
      const clock = manualClock()
      const state = { failing: true, calls: 0 }
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        fs: failingFs(state),
        clock,
        maxQueueSize: 2,
      })
      await writer.start()
      writer.emit(milestone(1))
      await writer.flush()
      expect(state.calls).toBe(2)
      for (let i = 2; i <= 6; i++) writer.emit(milestone(i))
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(state.calls).toBe(2)
      expect(writer.stats).toMatchObject({ lost: 1, dropped: 3, accepted: 3 })
      state.failing = false
      const stats = await writer.stop()
      const written = linesOf(eventsFile(dir))
      expect(written.map(({ details }) => details.system_event_type ?? details.milestone_type)).toEqual([
        'events_lost',
        'turn_start',
        'turn_start',
        'events_dropped',
      ])
      expect(stats).toMatchObject({ written: 2, lost: 1, dropped: 3, warnings_written: 2 })
    }))

  it('keeps the count of drops when their warning goes down with a batch', () =>
    withFolder(async (dir) => {
      const clock = manualClock()
      const state = { failing: false, calls: 0 }
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        fs: failingFs(state),
        clock,
        maxQueueSize: 2,
      })
      await writer.start()
      for (let i = 1; i <= 5; i++) writer.emit(milestone(i))
      await writer.flush()
      state.failing = true
      writer.emit(milestone(6)) // preceded by the warning about 3 drops
      await writer.flush()
      state.failing = false
      clock.advance(60_000)
      writer.emit(milestone(7))
      const stats = await writer.stop()
      const written = linesOf(eventsFile(dir))
      expect(written.map(({ turn_number }) => turn_number)).toEqual([1, 2, 5, 6, 7])
      expect(written[2].details).toMatchObject({ system_event_type: 'events_dropped', dropped_count: 3 })
      expect(written[3].details).toMatchObject({ system_event_type: 'events_lost', lost_count: 1 })
      const ids = written.map(({ event_id }) => event_id)
      expect(ids).toEqual([...ids].sort())
      expect(stats).toMatchObject({ dropped: 3, lost: 1, written: 3, warnings_written: 2 })
    }))

  it('leaves no half line: what was written in part is cut off', () =>
    withFolder(async (dir) => {
      const state = { failing: false, partial: 20, calls: 0 }
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        fs: failingFs(state),
        clock: manualClock(),
      })
      await writer.start()
      writer.emit(milestone(1))
      await writer.flush()
      state.failing = true
      writer.emit(milestone(2))
      await writer.flush()
      state.failing = false
      writer.emit(milestone(3))
      await writer.stop()
      expect(linesOf(eventsFile(dir)).map(({ turn_number }) => turn_number)).toEqual([1, 2, 3])
    }))

  it('fences a half line it cannot cut off, so that one line at most is corrupt', () =>
    withFolder(async (dir) => {
      const state = { failing: false, partial: 20, calls: 0 }
      const noTruncate = {
        ftruncateSync: () => {
          throw new Error('EPERM')
        },
      }
      const writer = new EventWriter({
        outputDir: dir,
        simulationId: 'run',
        fs: failingFs(state, noTruncate),
        clock: manualClock(),
      })
      await writer.start()
      writer.emit(milestone(1))
      await writer.flush()
      state.failing = true
      writer.emit(milestone(2))
      await writer.flush()
      state.failing = false
      writer.emit(milestone(3))
      await writer.stop()
      const lines = fs.readFileSync(eventsFile(dir), 'utf8').split('\n').filter(Boolean)
      const bad = lines.filter((line) => !line.endsWith('}'))
      expect(bad.length).toBeGreaterThan(0)
      expect(lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line).turn_number)).toEqual([1, 2, 3])
    }))

  it('finds a folder that was deleted and goes on in a new one', () =>
    withFolder(async (root) => {
      const dir = path.join(root, 'run')
      const clock = manualClock()
      const writer = new EventWriter({ outputDir: dir, simulationId: 'run', clock })
      await writer.start()
      writer.emit(milestone(1))
      await writer.flush()
      fs.rmSync(dir, { recursive: true })
      clock.advance(1000)
      writer.emit(milestone(2))
      const stats = await writer.stop()
      expect(linesOf(eventsFile(dir)).map(({ turn_number }) => turn_number)).toEqual([2])
      expect(stats).toMatchObject({ written: 2, lost: 0 })
    }))
})
