// One suite for every EventReader: what a store promises is written here once, and each store brings only the way in.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventReader } from '../src/kernel/events/reader.ts'
import type { EventLevel, TroupeEvent } from '../src/kernel/events/schema.ts'
import { TroupeEvent as Shape } from '../src/kernel/events/schema.ts'

export type GivenEvent = {
  level: EventLevel
  agentId?: string
  summary: string
  /** Ids of causes. */
  causes?: readonly string[]
}

export type EventStore = {
  reader: EventReader
  /** Writes events in this order and returns their ids once they can be read. */
  write(events: readonly GivenEvent[]): Promise<string[]>
  /** Makes an event cite another one as its cause too, as only a foreign writer would. */
  addCause(id: string, cause: string): Promise<void>
  /** Id of an event that the store does not have. */
  unknownId: string
  close(): Promise<void>
}

const AGENTS = ['ada', 'bo', 'cy']
const LEVELS: readonly EventLevel[] = ['DECISION', 'ACTION', 'STATE']
/** A turn start, then decision, action and change of each agent, three turns long: thirty events in chains. */
const TURNS = 3

const ids = (events: readonly TroupeEvent[]) => events.map(({ id }) => id)
const walked = (found: readonly { event: TroupeEvent; depth: number }[]) =>
  found.map(({ event, depth }) => [event.id, depth])

export function describeEventReader(name: string, open: () => Promise<EventStore>): void {
  describe(`${name} as an EventReader`, () => {
    let store: EventStore
    let reader: EventReader
    /** Ids of the thirty in the order written. */
    const written: string[] = []
    const given: GivenEvent[] = []

    beforeAll(async () => {
      store = await open()
      reader = store.reader
      for (let turn = 1; turn <= TURNS; turn++) {
        const put = async (event: GivenEvent) => {
          given.push(event)
          const [id] = await store.write([event])
          written.push(id!)
          return id!
        }
        const before = written.at(-1)
        const start = await put({
          level: 'MILESTONE',
          summary: `Turn ${turn} started`,
          causes: before ? [before] : [],
        })
        for (const agentId of AGENTS) {
          let cause = start
          for (const level of LEVELS)
            cause = await put({
              level,
              agentId,
              summary: `${agentId}: 100%_done ${level.toLowerCase()} ${turn}`,
              causes: [cause],
            })
        }
      }
    }, 60_000)
    afterAll(() => store.close())

    const matching = (test: (event: GivenEvent) => boolean) => written.filter((_, i) => test(given[i]!))
    const all = async (filter: Parameters<EventReader['page']>[0]) =>
      ids((await reader.page(filter, { limit: 100, ascending: true })).events)

    it('gives events in their shape, with what was written', async () => {
      const { events } = await reader.page({}, { limit: 100, ascending: true })
      for (const [i, event] of events.entries()) {
        expect(Shape.parse(event)).toEqual(event)
        const { level, summary, agentId, causes } = given[i]!
        expect(event).toMatchObject({ level, summary, agent_id: agentId ?? null, causes: [...(causes ?? [])] })
        expect(event.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      }
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
      expect(new Set(events.map(({ stream }) => stream)).size).toBe(1)
    })

    it('pages newest first or oldest first, everything once, and says when it ends', async () => {
      for (const ascending of [true, false])
        for (const limit of [1, 7, 29, 30, 31]) {
          const seen: string[] = []
          let after: string | undefined
          for (let pages = 0; pages < 40; pages++) {
            const page = await reader.page({}, { limit, ascending, ...(after ? { after } : {}) })
            seen.push(...ids(page.events))
            expect(page.events.length).toBeLessThanOrEqual(limit)
            if (page.next_cursor === null) break
            expect(page.next_cursor).toBe(page.events.at(-1)?.id)
            after = page.next_cursor
          }
          expect(seen).toEqual(ascending ? written : written.toReversed())
        }
    })

    it('pages through a filter', async () => {
      const wanted = matching(({ agentId }) => agentId === 'bo').toReversed()
      const first = await reader.page({ agent_id: 'bo' }, { limit: 5 })
      const second = await reader.page({ agent_id: 'bo' }, { limit: 5, after: first.next_cursor! })
      expect([...ids(first.events), ...ids(second.events)]).toEqual(wanted)
      expect(second.next_cursor).toBeNull()
    })

    it('gives an empty page after an unknown event', async () => {
      for (const after of [store.unknownId, 'nonsense'])
        expect(await reader.page({}, { limit: 5, after })).toMatchObject({ events: [], next_cursor: null })
    })

    it.each<[string, EventLevel, readonly EventLevel[]]>([
      ['milestones only', 'MILESTONE', ['MILESTONE']],
      ['actions and what is above', 'ACTION', ['MILESTONE', 'DECISION', 'ACTION']],
      ['everything', 'DETAIL', ['MILESTONE', 'DECISION', 'ACTION', 'STATE']],
    ])('filters by level: %s', async (_, level, shown) => {
      expect(await all({ level })).toEqual(matching((event) => shown.includes(event.level)))
    })

    it('filters by type, one or several', async () => {
      const typeOf = async (level: EventLevel) =>
        (await reader.one(matching((event) => event.level === level)[0]!))!.type
      const [decision, action] = [await typeOf('DECISION'), await typeOf('ACTION')]
      expect(await all({ type: [decision] })).toEqual(matching(({ level }) => level === 'DECISION'))
      expect(await all({ type: [decision, action] })).toEqual(
        matching(({ level }) => level === 'DECISION' || level === 'ACTION'),
      )
      expect(await all({ type: ['no.such.type'] })).toEqual([])
      expect(await all({ type: [] })).toEqual(written)
    })

    it('filters by stream, domain, run and correlation', async () => {
      const event = (await reader.one(written[4]!))!
      for (const filter of [
        { stream: event.stream },
        { domain: event.domain },
        { correlation_id: event.correlation_id },
        ...(event.run_id ? [{ run_id: event.run_id }] : []),
      ])
        expect(await all(filter)).toEqual(written)
      for (const filter of [{ stream: 'no' }, { domain: 'no' }, { correlation_id: 'no' }, { run_id: 'no' }])
        expect(await all(filter)).toEqual([])
    })

    it('filters by time, both ends included, to the microsecond', async () => {
      const { events } = await reader.page({}, { limit: 100, ascending: true })
      const [from, to] = [events[6]!.at, events[11]!.at]
      const within = (filter: { from?: string; to?: string }) =>
        events.filter(({ at }) => (filter.from ?? at) <= at && at <= (filter.to ?? at)).map(({ id }) => id)
      for (const filter of [{ from, to }, { from }, { to }]) expect(await all(filter)).toEqual(within(filter))
      expect(await all({ from: '2999-01-01T00:00:00Z' })).toEqual([])
    })

    it('finds text in any case, taking wildcards for what they are', async () => {
      expect(await all({ q: 'BO: 100%_DONE act' })).toEqual(
        matching(({ agentId, level }) => agentId === 'bo' && level === 'ACTION'),
      )
      expect(await all({ q: 'turn 2 started' })).toEqual(matching(({ summary }) => summary === 'Turn 2 started'))
      for (const q of ['bo: 1%0', 'bo: 1_0', 'b\\o']) expect(await all({ q })).toEqual([])
    })

    it('finds text in the type', async () => {
      const { type } = (await reader.one(written[0]!))!
      const sameType = (await reader.page({ type: [type] }, { limit: 100, ascending: true })).events
      expect(await all({ q: type.toUpperCase() })).toEqual(ids(sameType))
    })

    it('joins criteria', async () => {
      expect(await all({ level: 'DECISION', agent_id: 'cy', q: 'decision 3' })).toEqual(
        matching(({ level, agentId, summary }) => level === 'DECISION' && agentId === 'cy' && summary.endsWith('3')),
      )
    })

    it('gives one event or none', async () => {
      const event = (await reader.page({}, { limit: 1 })).events[0]!
      expect(await reader.one(event.id)).toEqual(event)
      for (const id of [store.unknownId, 'nonsense', '', '../../etc/passwd'])
        expect(await reader.one(id)).toBeUndefined()
    })

    it('walks causes breadth first to a depth', async () => {
      const [start, decision, action, change] = written.slice(10, 14) as [string, string, string, string]
      expect(walked(await reader.causes(change, 3))).toEqual([
        [action, 1],
        [decision, 2],
        [start, 3],
      ])
      expect(walked(await reader.causes(change, 1))).toEqual([[action, 1]])
      expect(await reader.causes(written[0]!, 5)).toEqual([])
      const far = await reader.causes(written[29]!, 50)
      expect(far.map(({ depth }) => depth)).toEqual(far.map((_, i) => i + 1))
      expect(far.at(-1)?.event.id).toBe(written[0])
    })

    it('walks effects breadth first to a depth, in order within it', async () => {
      const start = written[20]!
      const decisions = [21, 24, 27].map((i) => [written[i], 1])
      const actions = [22, 25, 28].map((i) => [written[i], 2])
      expect(walked(await reader.effects(start, 2))).toEqual([...decisions, ...actions])
      expect(await reader.effects(written[29]!, 5)).toEqual([])
    })

    it('knows neither causes nor effects of an unknown event', async () => {
      for (const id of [store.unknownId, 'nonsense']) {
        expect(await reader.causes(id, 5)).toEqual([])
        expect(await reader.effects(id, 5)).toEqual([])
      }
    })

    it('starts from now when following without a cursor, and from the cursor with one', async () => {
      const stop = new AbortController()
      const first = reader.follow(undefined, stop.signal)[Symbol.asyncIterator]()
      const pending = first.next()
      await new Promise((resolve) => setTimeout(resolve, 300))
      const fresh = await store.write([
        { level: 'MILESTONE', summary: 'one' },
        { level: 'STATE', agentId: 'ada', summary: 'two' },
      ])
      const seen: string[] = []
      let cursor: string | undefined
      for (let step = await pending; ; step = await first.next()) {
        seen.push(...ids(step.value.events))
        cursor = step.value.cursor
        if (seen.length >= fresh.length) break
      }
      expect(seen).toEqual(fresh)
      stop.abort()
      expect((await first.next()).done).toBe(true)

      const more = await store.write([{ level: 'ACTION', agentId: 'bo', summary: 'three' }])
      const again = new AbortController()
      for await (const { events } of reader.follow(cursor, again.signal)) {
        expect(ids(events)).toEqual(more)
        break
      }
      again.abort()
    })

    it('follows a writer without gap or repetition, also from any cursor on the way', async () => {
      const COUNT = 1_300
      const stop = new AbortController()
      const batches: { ids: string[]; cursor: string }[] = []
      let seen = 0
      const following = (async () => {
        for await (const { events, cursor } of reader.follow(undefined, stop.signal)) {
          batches.push({ ids: ids(events), cursor })
          seen += events.length
          if (seen >= COUNT) break
        }
      })()
      await new Promise((resolve) => setTimeout(resolve, 300))
      const fresh: string[] = []
      for (let i = 0; i < COUNT; i += 130)
        fresh.push(
          ...(await store.write(
            Array.from({ length: 130 }, (_, k) => ({ level: 'DETAIL' as const, summary: `burst ${i + k}` })),
          )),
        )
      await following
      expect(batches.flatMap((batch) => batch.ids)).toEqual(fresh)
      const middle = batches[Math.floor((batches.length - 1) / 2)]!
      const rest = fresh.slice(fresh.indexOf(middle.ids.at(-1)!) + 1)
      const resumed: string[] = []
      if (rest.length > 0)
        for await (const { events } of reader.follow(middle.cursor, stop.signal)) {
          resumed.push(...ids(events))
          if (resumed.length >= rest.length) break
        }
      expect(resumed).toEqual(rest)
      stop.abort()
    })

    it('ends following at once when it is aborted, and refuses a cursor that is none', async () => {
      const stop = new AbortController()
      const iterator = reader.follow(undefined, stop.signal)[Symbol.asyncIterator]()
      const pending = iterator.next()
      setTimeout(() => stop.abort(), 50)
      expect((await pending).done).toBe(true)
      const bad = reader.follow('nonsense', new AbortController().signal)[Symbol.asyncIterator]()
      await expect(bad.next()).rejects.toThrow(RangeError)
    })

    it('cuts cycles and gives no event twice', async () => {
      const [a, b] = await store
        .write([{ level: 'MILESTONE', summary: 'a' }])
        .then(async ([first]) => [
          first!,
          (await store.write([{ level: 'MILESTONE', summary: 'b', causes: [first!] }]))[0]!,
        ])
      await store.addCause(a!, b!)
      expect(walked(await reader.causes(a!, 50))).toEqual([[b, 1]])
      expect(walked(await reader.causes(b!, 50))).toEqual([[a, 1]])
      expect(walked(await reader.effects(a!, 50))).toEqual([[b, 1]])
      const [c] = await store.write([{ level: 'ACTION', agentId: 'ada', summary: 'c', causes: [a!, b!] }])
      expect(walked(await reader.causes(c!, 50))).toEqual([
        [a, 1],
        [b, 1],
      ])
    })
  })
}
