import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMicros } from '../../src/simulation/loop/core/timestamp.ts'
import { EVENT_TYPES, type EventType, type SimEvent } from '../../src/simulation/loop/events/event.ts'
import { type EventFilter, matches } from '../../src/simulation/loop/events/event-filter.ts'
import { idOf, stampOf } from '../../src/simulation/service/_service-helpers.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { AGENTS, DETAILS, runs, withRoot } from './_worlds.ts'

const RUN = 'property'
const GARBAGE = ['{"half":', 'nonsense', '[]', '{"event_id":"short"}', 'null', '\u0000\u0001', '{"event_id":12}']

/** A line as anybody might have written it: ids repeat, causes lead forward, backward, to itself and nowhere. */
type Line =
  | { kind: 'event'; id: number; time: number; type: EventType; agent: number; turn: number; causes: number[] }
  | { kind: 'garbage'; which: number }
  | { kind: 'blank' }

const lineOf: fc.Arbitrary<Line> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      id: fc.nat(60),
      time: fc.nat(30),
      type: fc.constantFrom(...EVENT_TYPES),
      agent: fc.nat(AGENTS.length - 1),
      turn: fc.nat(5),
      causes: fc.array(fc.nat(70), { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('garbage' as const), which: fc.nat(GARBAGE.length - 1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'blank' as const }) },
)

function textOf(line: Line): string {
  if (line.kind === 'blank') return ''
  if (line.kind === 'garbage') return GARBAGE[line.which]!
  const { id, time, type, agent, turn, causes } = line
  const name = AGENTS[agent]!
  const withPartner = type === 'ACTION' && turn % 2 === 1
  const partner = AGENTS[(agent + 1) % AGENTS.length]!
  return JSON.stringify({
    event_id: idOf(id),
    timestamp: stampOf(time),
    turn_number: turn,
    event_type: type,
    simulation_id: RUN,
    ...(type === 'MILESTONE' || type === 'SYSTEM' ? {} : { agent_id: name }),
    ...(causes.length > 0 ? { caused_by: causes.map(idOf) } : {}),
    description: `${name} in turn ${turn}`,
    details: {
      ...DETAILS[type],
      ...(withPartner ? { interaction_type: 'trade', participating_agent_ids: [name, partner] } : {}),
    },
  })
}

/** What the service should know of the lines: valid events, the first of each id, by time and id. */
function model(files: readonly (readonly Line[])[]) {
  const seen = new Map<string, SimEvent>()
  let corrupted = 0
  let duplicates = 0
  for (const line of files.flat()) {
    if (line.kind === 'blank') continue
    if (line.kind === 'garbage') corrupted++
    else {
      const event = JSON.parse(textOf(line)) as SimEvent
      if (seen.has(event.event_id)) duplicates++
      else seen.set(event.event_id, event)
    }
  }
  const events = [...seen.values()].sort(
    (a, b) => parseMicros(a.timestamp) - parseMicros(b.timestamp) || (a.event_id < b.event_id ? -1 : 1),
  )
  return { events, corrupted, duplicates }
}

const filesOf = fc.array(fc.array(lineOf, { maxLength: 25 }), { minLength: 1, maxLength: 4 })

/** The last file is the active one; earlier ones have rotated names. */
const nameOf = (i: number, count: number): string =>
  i === count - 1 ? 'events.jsonl' : `events_2025-10-08_10-30-0${i}-000000.jsonl`

function write(root: string, files: readonly (readonly Line[])[]): void {
  fs.mkdirSync(path.join(root, RUN), { recursive: true })
  for (const [i, lines] of files.entries())
    fs.writeFileSync(path.join(root, RUN, nameOf(i, files.length)), lines.map((line) => `${textOf(line)}\n`).join(''))
  fs.writeFileSync(path.join(root, RUN, 'result.json'), '{"status":"completed"}')
}

const filterOf: fc.Arbitrary<EventFilter> = fc.record(
  {
    startMicros: fc.nat(30).map((n) => parseMicros(stampOf(n))),
    endMicros: fc.nat(30).map((n) => parseMicros(stampOf(n))),
    eventTypes: fc.subarray([...EVENT_TYPES]),
    agentIds: fc.subarray([...AGENTS, 'nobody']),
    agentMatch: fc.constantFrom('involved' as const, 'actor' as const),
    turnStart: fc.nat(5),
    turnEnd: fc.nat(5),
    text: fc.constantFrom('', 'ADA', 'turn 3', 'in turn', 'zzz'),
  },
  { requiredKeys: [] },
)

const ids = (events: readonly SimEvent[]) => events.map(({ event_id }) => event_id)

/** Breadth first over plain lists: what the index should find by its columns. */
function reachable(
  events: readonly SimEvent[],
  start: string,
  depth: number,
  next: (id: string) => string[],
): string[] {
  const rank = new Map(events.map(({ event_id }, i) => [event_id, i]))
  const seen = new Set([start])
  const found: string[] = []
  let level = [start]
  for (let hop = 0; hop < depth && level.length > 0; hop++) {
    const reached = [...new Set(level.flatMap(next))].filter((id) => rank.has(id) && !seen.has(id))
    reached.sort((a, b) => rank.get(a)! - rank.get(b)!)
    for (const id of reached) seen.add(id)
    found.push(...reached)
    level = reached
  }
  return found
}

describe('the service over any files', () => {
  it('answers filters, order, totals and pages as a plain list would', () =>
    fc.assert(
      fc.asyncProperty(filesOf, filterOf, fc.integer({ min: 1, max: 9 }), (files, filter, limit) =>
        withRoot(async (root) => {
          write(root, files)
          const { events, corrupted, duplicates } = model(files)
          const expected = events.filter((event) => matches(filter, event))
          const service = new EventService({ outputRoot: root })
          const whole = await service.getFilteredEvents(RUN, filter, { limit: 1000 })
          expect(whole.events).toEqual(expected)
          expect(whole).toMatchObject({ total: expected.length, has_more: false })
          const warned = { corrupted_lines: corrupted, duplicates, foreign_ids: 0 }
          expect(whole.warnings ?? { corrupted_lines: 0, duplicates: 0, foreign_ids: 0 }).toEqual(warned)
          for (const order of ['asc', 'desc'] as const) {
            const inOrder = order === 'asc' ? expected : expected.toReversed()
            for (let offset = 0; offset <= expected.length; offset += limit) {
              const page = await service.getFilteredEvents(RUN, filter, { limit, offset, order })
              expect(ids(page.events)).toEqual(ids(inOrder.slice(offset, offset + limit)))
              expect(page.has_more).toBe(offset + page.events.length < expected.length)
              expect(page.total).toBe(expected.length)
            }
          }
          const exported: string[] = []
          for await (const line of await service.exportLines(RUN, filter)) exported.push(JSON.parse(line).event_id)
          expect(exported).toEqual(ids(expected))
        }),
      ),
      runs(30),
    ))

  it('pages by `after` to the end, whatever the page size', () =>
    fc.assert(
      fc.asyncProperty(filesOf, filterOf, fc.integer({ min: 1, max: 7 }), (files, filter, limit) =>
        withRoot(async (root) => {
          write(root, files)
          const { events } = model(files)
          fc.pre(events.length > 0)
          const expected = ids(events.filter((event) => matches(filter, event)))
          const service = new EventService({ outputRoot: root })
          const first = events[0]!
          const seen = matches(filter, first) ? [first.event_id] : []
          for (let after: string | null = first.event_id; after; ) {
            const page: Awaited<ReturnType<EventService['getFilteredEvents']>> = await service.getFilteredEvents(
              RUN,
              filter,
              { limit, after },
            )
            seen.push(...ids(page.events))
            expect(page.total).toBe(expected.length)
            expect(page.has_more).toBe(seen.length < expected.length)
            after = page.has_more ? page.next_after : null
          }
          expect(seen).toEqual(expected)
        }),
      ),
      runs(30),
    ))

  it('follows causes and effects as a plain walk would: cycles, forward links and missing causes included', () =>
    fc.assert(
      fc.asyncProperty(filesOf, fc.integer({ min: 1, max: 20 }), fc.nat(), (files, depth, pick) =>
        withRoot(async (root) => {
          write(root, files)
          const { events } = model(files)
          fc.pre(events.length > 0)
          const start = events[pick % events.length]!.event_id
          const byId = new Map(events.map((event) => [event.event_id, event]))
          const service = new EventService({ outputRoot: root })
          const chain = await service.getCausalityChain(RUN, start, depth)
          const up = reachable(events, start, depth, (id) => [...(byId.get(id)?.caused_by ?? [])])
          const down = reachable(events, start, depth, (id) =>
            ids(events.filter(({ caused_by: causes }) => causes?.includes(id))),
          )
          expect(ids(chain.upstream)).toEqual(up)
          expect(ids(chain.downstream)).toEqual(down)
          const returned = new Set([start, ...up, ...down])
          const cited = [...returned].flatMap((effect) =>
            [...new Set(byId.get(effect)!.caused_by ?? [])].map((cause) => [cause, effect] as const),
          )
          const edges = cited.filter(([cause]) => returned.has(cause))
          expect(chain.edges.map((edge) => edge.join()).sort()).toEqual(edges.map((edge) => edge.join()).sort())
          const missing = new Set(cited.map(([cause]) => cause).filter((cause) => !byId.has(cause)))
          expect(new Set(chain.missing)).toEqual(missing)
          const all = new Set(reachable(events, start, 1000, (id) => [...(byId.get(id)?.caused_by ?? [])]))
          const allDown = reachable(events, start, 1000, (id) =>
            ids(events.filter(({ caused_by: causes }) => causes?.includes(id))),
          )
          expect(chain.truncated).toBe(all.size > up.length || allDown.length > down.length)
        }),
      ),
      runs(30),
    ))

  it('knows after any growth, rotation or rewriting what a fresh look knows', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            step: fc.constantFrom('append', 'append', 'append', 'torn', 'rotate', 'truncate', 'delete', 'replace'),
            lines: fc.array(lineOf, { maxLength: 8 }),
            cut: fc.nat(200),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (steps) =>
          withRoot(async (root) => {
            const dir = path.join(root, RUN)
            const active = path.join(dir, 'events.jsonl')
            write(root, [[]])
            const service = new EventService({ outputRoot: root })
            for (const [i, { step, lines, cut }] of steps.entries()) {
              const text = lines.map((line) => `${textOf(line)}\n`).join('')
              if (step === 'append') fs.appendFileSync(active, text)
              else if (step === 'torn') fs.appendFileSync(active, text.slice(0, cut))
              else if (step === 'rotate' && fs.existsSync(active))
                fs.renameSync(active, path.join(dir, `events_2025-10-08_10-30-0${i}-000000.jsonl`))
              else if (step === 'truncate' && fs.existsSync(active))
                fs.truncateSync(active, Math.min(cut, fs.statSync(active).size))
              else if (step === 'delete') fs.rmSync(active, { force: true })
              else if (step === 'replace') {
                fs.rmSync(active, { force: true })
                fs.writeFileSync(active, text)
              }
              if (!fs.existsSync(active)) fs.writeFileSync(active, '')
              const fresh = new EventService({ outputRoot: root })
              const look = async (from: EventService) => ({
                events: await from.getFilteredEvents(RUN, {}, { limit: 1000 }),
                facets: await from.getFacets(RUN),
                integrity: await from.getIntegrity(RUN),
                turns: await from.getTurns(RUN),
              })
              expect(await look(service)).toEqual(await look(fresh))
            }
          }),
      ),
      runs(30),
    ))
})
