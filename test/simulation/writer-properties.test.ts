import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRef, SimEvent, Verbosity } from '../../src/simulation/loop/events/event.ts'
import { VERBOSITY_LEVELS } from '../../src/simulation/loop/events/event.ts'
import { typedProblem } from '../../src/simulation/loop/events/validate-event.ts'
import { admits } from '../../src/simulation/loop/events/verbosity.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { eventsOf, filesOf, makeEvent, type Plan, planOf, runs, stamps, withRoot } from './_worlds.ts'

const RUN = 'property'

/** Emits what is planned, each event citing the references of earlier ones. */
function emitAll(writer: EventWriter, plans: readonly Plan[]): { refs: EventRef[]; ids: string[] } {
  const stamp = stamps()
  const refs: EventRef[] = []
  const ids: string[] = []
  for (const [n, plan] of plans.entries()) {
    const causes = plan.causes.filter((back) => back <= n).map((back) => refs[n - back]!)
    const event = makeEvent(stamp, RUN, plan, causes, n)
    ids.push(event.event_id)
    refs.push(writer.emit(event))
  }
  return { refs, ids }
}

/** What each event should cite when only some are written: the nearest written ones behind each planned cause, in order. */
function expectedCauses(plans: readonly Plan[], isWritten: (n: number) => boolean): number[][] {
  const cited: number[][] = []
  const resolved: number[][] = []
  for (const [n, plan] of plans.entries()) {
    const causes = plan.causes.filter((back) => back <= n).flatMap((back) => resolved[n - back]!)
    cited.push([...new Set(causes)])
    resolved.push(isWritten(n) ? [n] : cited[n]!)
  }
  return cited
}

const number = (event: SimEvent): number => event.details?.['n'] as number
const isWarning = (event: SimEvent) => event.details?.['system_event_type'] !== undefined

function expectInOrder(events: readonly SimEvent[]): void {
  for (let i = 1; i < events.length; i++) {
    expect(events[i]!.event_id > events[i - 1]!.event_id).toBe(true)
    expect(events[i]!.timestamp > events[i - 1]!.timestamp).toBe(true)
  }
}

describe('any stream of events', () => {
  it('keeps its links whole at every level: chains close over what the level leaves out', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(planOf(), { maxLength: 40 }),
        fc.constantFrom(...VERBOSITY_LEVELS),
        fc.constantFrom('by_level' as const, 'always' as const),
        (plans, verbosity: Verbosity, systemEvents) =>
          withRoot(async (root) => {
            const writer = new EventWriter({ outputDir: root, simulationId: RUN, verbosity, systemEvents })
            await writer.start()
            const { ids } = emitAll(writer, plans)
            const stats = await writer.stop()
            const isWritten = (n: number) => admits(verbosity, plans[n]!.type, systemEvents)
            const written = eventsOf(root)
            expect(written.map(number)).toEqual(plans.flatMap((_, n) => (isWritten(n) ? [n] : [])))
            const causes = expectedCauses(plans, isWritten)
            for (const event of written) {
              expect(typedProblem(event)).toBeUndefined()
              expect(event.caused_by ?? []).toEqual(causes[number(event)]!.map((n) => ids[n]))
            }
            expectInOrder(written)
            expect(stats).toMatchObject({ emitted: plans.length, written: written.length, dropped: 0, lost: 0 })
            expect(stats.filtered).toBe(plans.length - written.length)
          }),
      ),
      runs(60),
    ))

  it('stays ordered and linked when the queue overflows, and its warnings account for every drop', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(planOf(), { minLength: 1, maxLength: 25 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        (bursts, maxQueueSize) =>
          withRoot(async (root) => {
            const writer = new EventWriter({ outputDir: root, simulationId: RUN, verbosity: 'DETAIL', maxQueueSize })
            await writer.start()
            const stamp = stamps()
            const plans = bursts.flat()
            const refs: EventRef[] = []
            for (const burst of bursts) {
              for (const plan of burst) {
                const n = refs.length
                const causes = plan.causes.filter((back) => back <= n).map((back) => refs[n - back]!)
                refs.push(writer.emit(makeEvent(stamp, RUN, plan, causes, n)))
              }
              await writer.flush()
            }
            const stats = await writer.stop()
            const all = eventsOf(root)
            const events = all.filter((event) => !isWarning(event))
            const warnings = all.filter(isWarning)
            const causes = expectedCauses(plans, (n) => refs[n]!.id !== null)
            const ids = new Map(events.map((event) => [number(event), event.event_id]))
            expect(events.map(number)).toEqual(refs.flatMap((ref, n) => (ref.id ? [n] : [])))
            for (const event of events)
              expect(event.caused_by ?? []).toEqual(causes[number(event)]!.map((n) => ids.get(n)))
            expectInOrder(all)
            const told = warnings.reduce((sum, { details }) => sum + Number(details?.['dropped_count']), 0)
            expect(told).toBe(stats.dropped)
            expect(stats.dropped + stats.written).toBe(plans.length)
            expect(stats.warnings_written).toBe(warnings.length)
          }),
      ),
      runs(40),
    ))

  it('is cut into files below the limit, loses nothing and reads back in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(planOf(300), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 200, max: 6000 }),
        fc.constantFrom('async' as const, 'sync' as const),
        fc.integer({ min: 1, max: 20 }),
        (plans, maxFileSize, mode, batchMaxEvents) =>
          withRoot(async (root) => {
            const options = { outputDir: root, simulationId: RUN, verbosity: 'DETAIL' as const, mode }
            const writer = new EventWriter({ ...options, maxFileSize, batchMaxEvents, fsync: 'never' })
            await writer.start()
            const { ids } = emitAll(writer, plans)
            const stats = await writer.stop()
            for (const file of filesOf(root)) {
              const text = fs.readFileSync(file, 'utf8')
              const lines = text.split('\n').filter(Boolean).length
              expect(Buffer.byteLength(text) <= maxFileSize || lines === 1).toBe(true)
              expect(text === '' || text.endsWith('\n')).toBe(true)
            }
            const events = eventsOf(root)
            expect(events.map(({ event_id }) => event_id)).toEqual(ids)
            expectInOrder(events)
            expect(new Set(filesOf(root)).size).toBe(stats.rotations + 1)
            const bytes = filesOf(root).reduce((sum, file) => sum + fs.statSync(file).size, 0)
            expect(stats.bytes_written).toBe(bytes)
            expect(path.basename(filesOf(root).at(-1)!)).toBe('events.jsonl')
          }),
      ),
      runs(40),
    ))

  it('survives a disk that fails now and then: what is told as lost and what is there add up', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(planOf(), { minLength: 1, maxLength: 40 }),
        fc.array(fc.constantFrom('ok', 'fail', 'half'), { maxLength: 12 }),
        (plans, fates) =>
          withRoot(async (root) => {
            let call = 0
            const failing = {
              ...fs,
              writeSync: ((fd: number, data: Buffer, from: number, length: number) => {
                const fate = fates[call++] ?? 'ok'
                if (fate === 'ok') return fs.writeSync(fd, data, from, length)
                if (fate === 'half') fs.writeSync(fd, data, from, Math.ceil(length / 2))
                throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
              }) as typeof fs.writeSync,
            }
            const writer = new EventWriter({
              outputDir: root,
              simulationId: RUN,
              verbosity: 'DETAIL',
              mode: 'sync',
              fsync: 'never',
              fs: failing,
            })
            emitAll(writer, plans)
            const stats = await writer.stop()
            expect(stats.written + stats.lost).toBe(plans.length)
            if (call <= fates.length) return // The disk never came back: nobody could write the warning.
            const all = eventsOf(root)
            expectInOrder(all)
            expect(all.filter((event) => !isWarning(event))).toHaveLength(stats.written)
            const told = all.filter(isWarning).reduce((sum, { details }) => sum + Number(details?.['lost_count']), 0)
            expect(told).toBe(stats.lost)
          }),
      ),
      runs(60),
    ))
})
