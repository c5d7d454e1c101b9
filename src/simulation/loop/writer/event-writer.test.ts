import fs from 'node:fs'
import path from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { SimEvent } from '../events/event.ts'
import { typedProblem } from '../events/validate-event.ts'
import { detail, fsWith, linesOf, milestone, recordingLogger, withFolder } from './_writer-helpers.ts'
import { EventWriter } from './event-writer.ts'

const options = (outputDir: string) => ({ outputDir, simulationId: 'run' })
const eventsFile = (dir: string) => path.join(dir, 'events.jsonl')

describe('the event writer', () => {
  it('drops the newest of a burst beyond its queue and says so in the stream', () =>
    withFolder(async (dir) => {
      const { log, lines } = recordingLogger()
      const writer = new EventWriter({ ...options(dir), maxQueueSize: 10, logger: log })
      await writer.start()
      const events = Array.from({ length: 100 }, (_, i) => milestone(i))
      const refs = events.map((event) => writer.emit(event))
      const stats = await writer.stop()
      const written = linesOf(eventsFile(dir))
      expect(written).toHaveLength(11)
      const warning = written[10]
      expect(warning.details).toMatchObject({
        status: 'warning',
        system_event_type: 'events_dropped',
        error_type: 'event_queue_full',
        dropped_count: 90,
        total_dropped: 90,
        dropped_by_type: { MILESTONE: 90 },
        first_dropped_turn: 10,
        last_dropped_turn: 99,
      })
      expect(warning.event_id).toBe(events[99]!.event_id)
      expect(warning.timestamp).toBe(events[99]!.timestamp)
      expect(typedProblem(warning)).toBeUndefined()
      expect(refs[9]).toEqual({ id: events[9]!.event_id, causeIds: [events[9]!.event_id] })
      expect(refs[10]).toEqual({ id: null, causeIds: [] })
      expect(stats).toMatchObject({
        emitted: 100,
        accepted: 10,
        dropped: 90,
        written: 10,
        lost: 0,
        warnings_written: 1,
      })
      expect(
        lines.filter(({ event }) => event === 'event_queue_full_dropping').map(({ fields }) => fields['total_dropped']),
      ).toEqual([1])
    }))

  it('puts the warning directly before the next accepted event and keeps ids growing through the file', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter({ ...options(dir), maxQueueSize: 3 })
      await writer.start()
      for (let burst = 0; burst < 3; burst++) {
        for (let i = 0; i < 5; i++) writer.emit(milestone(burst))
        await writer.flush()
      }
      const stats = await writer.stop()
      const written = linesOf(eventsFile(dir))
      const kinds = written.map(({ event_type }) => event_type[0]).join('')
      expect(kinds).toBe('MMMSMMMSMMMS')
      expect(written.map(({ event_id }) => event_id)).toEqual(written.map(({ event_id }) => event_id).sort())
      const told = written
        .filter(({ event_type }) => event_type === 'SYSTEM')
        .map(({ details }) => details.dropped_count)
      expect(told.reduce((a, b) => a + b)).toBe(stats.dropped)
      expect(stats.emitted).toBe(
        stats.filtered + stats.invalid + stats.dropped + stats.accepted + stats.rejected_after_stop,
      )
      expect(stats.accepted).toBe(stats.written + stats.lost)
    }))

  it('filters by level, refuses what is invalid, and never throws', () =>
    withFolder(async (dir) => {
      const { log, lines } = recordingLogger()
      const writer = new EventWriter({ ...options(dir), logger: log })
      await writer.start()
      const cause = milestone()
      const filtered: SimEvent = { ...detail('x'), caused_by: [cause.event_id] }
      expect(writer.emit(filtered)).toEqual({ id: null, causeIds: [cause.event_id] })
      for (const broken of [
        null,
        5,
        {},
        { ...milestone(), turn_number: -1 },
        { ...milestone(), simulation_id: 'other' },
      ])
        expect(writer.emit(broken as never).id).toBeNull()
      const circle: Record<string, unknown> = { milestone_type: 'turn_end' }
      circle['self'] = circle
      writer.emit({ ...milestone(), details: circle as never })
      const stats = await writer.stop()
      expect(stats).toMatchObject({ emitted: 7, filtered: 1, invalid: 6, accepted: 0 })
      expect(lines.filter(({ event }) => event === 'event_invalid')).toHaveLength(6)
      writer.emit(milestone())
      expect(writer.stats.rejected_after_stop).toBe(1)
    }))

  it('writes key order, no nulls and what was true at emit', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter(options(dir))
      await writer.start()
      const payload = { milestone_type: 'turn_end', n: 1 }
      const { event_id, ...rest } = milestone()
      writer.emit({ ...rest, details: payload, agent_id: null, caused_by: [], extra: 1, event_id } as never)
      payload.n = 2
      await writer.stop()
      const [event] = linesOf(eventsFile(dir))
      expect(Object.keys(event)).toEqual([
        'event_id',
        'timestamp',
        'turn_number',
        'event_type',
        'simulation_id',
        'details',
        'extra',
      ])
      expect(event.details.n).toBe(1)
    }))

  it('shortens the strings of an oversize event and refuses what stays too large', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter({ ...options(dir), verbosity: 'DETAIL', maxEventBytes: 4096 })
      await writer.start()
      writer.emit(detail('a'.repeat(10_000)))
      const numbers = Array.from({ length: 3000 }, (_, i) => i)
      writer.emit({ ...detail('x'), details: { calculation_type: 'x', intermediate_values: { numbers } } })
      const stats = await writer.stop()
      const [event] = linesOf(eventsFile(dir))
      expect(event.details.truncated).toBe(true)
      expect(event.details.intermediate_values.text).toBe(`${'a'.repeat(1024)}…[truncated 8976 chars]`)
      expect(stats).toMatchObject({ written: 1, invalid: 1 })
    }))

  it('queues what comes before start and writes it after', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter({ ...options(dir), maxQueueSize: 2 })
      for (let i = 0; i < 3; i++) writer.emit(milestone(i))
      await nextTick()
      expect(fs.existsSync(eventsFile(dir))).toBe(false)
      await writer.start()
      await writer.start()
      await writer.stop()
      expect(linesOf(eventsFile(dir))).toHaveLength(3)
    }))

  it('flush waits for everything accepted before it', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter(options(dir))
      await writer.start()
      for (let i = 0; i < 1200; i++) writer.emit(milestone(i))
      await writer.flush()
      expect(linesOf(eventsFile(dir))).toHaveLength(1200)
      await writer.stop()
    }))

  it('stops once: a second stop gives the same statistics', () =>
    withFolder(async (dir) => {
      const writer = new EventWriter(options(dir))
      await writer.start()
      writer.emit(milestone())
      const first = await writer.stop()
      expect(await writer.stop()).toBe(first)
    }))

  it('counts the rest as lost when draining takes too long', () =>
    withFolder(async (dir) => {
      const { log, lines } = recordingLogger()
      const stuck = fsWith({ write: (() => undefined) as never })
      const writer = new EventWriter({ ...options(dir), fs: stuck, logger: log, batchMaxEvents: 4 })
      await writer.start()
      for (let i = 0; i < 10; i++) writer.emit(milestone(i))
      const stats = await writer.stop({ timeoutMs: 30 })
      expect(stats).toMatchObject({ accepted: 10, written: 0, lost: 10 })
      expect(lines.find(({ event }) => event === 'event_writer_timeout')?.fields['remaining_events']).toBe(10)
    }))

  it('refuses nonsensical options only', () =>
    withFolder((dir) => {
      for (const wrong of [{ maxQueueSize: 0 }, { maxFileSize: -1 }, { mode: 'later' }, { verbosity: 'ALL' }])
        expect(() => new EventWriter({ ...options(dir), ...wrong } as never)).toThrow('Event writer')
      const locked = fsWith({
        mkdirSync: (() => {
          throw new Error('EACCES')
        }) as never,
      })
      expect(new EventWriter({ ...options(dir), fs: locked }).stats.write_errors).toBe(1)
    }))
})

describe('sync mode', () => {
  it('has written and synced each event when emit returns, without an event loop', () =>
    withFolder(async (dir) => {
      let syncs = 0
      const counting = fsWith({
        fsyncSync: (fd) => {
          syncs++
          fs.fsyncSync(fd)
        },
      })
      const { log, lines } = recordingLogger()
      const writer = new EventWriter({ ...options(dir), mode: 'sync', fs: counting, logger: log })
      for (let i = 1; i <= 5; i++) {
        writer.emit(milestone(i))
        expect(linesOf(eventsFile(dir))).toHaveLength(i)
      }
      expect(syncs).toBe(5)
      await writer.start()
      expect(lines.some(({ event }) => event === 'event_writer_start_skipped')).toBe(true)
      expect(await writer.stop()).toMatchObject({ written: 5, dropped: 0 })
    }))

  it('tries each event once, loses it on failure, and tells with the next success', () =>
    withFolder(async (dir) => {
      let failing = false
      const flaky = fsWith({
        writeSync: ((fd: number, ...rest: [any, any, any]) => {
          if (failing) throw new Error('ENOSPC')
          return fs.writeSync(fd, ...rest)
        }) as never,
      })
      const writer = new EventWriter({ ...options(dir), mode: 'sync', fs: flaky })
      writer.emit(milestone(1))
      failing = true
      const lost = [milestone(2), milestone(3)]
      for (const event of lost) writer.emit(event)
      failing = false
      writer.emit(milestone(4))
      const written = linesOf(eventsFile(dir))
      expect(written.map(({ turn_number }) => turn_number)).toEqual([1, 3, 4])
      expect(written[1].details).toMatchObject({ system_event_type: 'events_lost', lost_count: 2, message: 'ENOSPC' })
      expect(written[1].event_id).toBe(lost[1]!.event_id)
      expect(await writer.stop()).toMatchObject({ accepted: 4, written: 2, lost: 2 })
    }))
})
