// The query service over runs of growing size, beside DuckDB over the same files: cold index, pages with each filter, text,
// causality, memory. DuckDB: `npm install` in bench/peers; without it only our figures are shown.
// Run: node --expose-gc bench/simulation/query.ts [events …]     default 10000 100000 1000000 (above 2,000,000 without DuckDB)
import fs from 'node:fs'
import path from 'node:path'
import type { SimEvent } from '../../src/simulation/loop/events/event.ts'
import type { EventFilter } from '../../src/simulation/loop/events/event-filter.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { openDuck } from './_duckdb.ts'
import { loadPerCore, rateSpread, type Spread, say, spread, tempFolder, timed } from './_measure.ts'
import { PER_TURN, writeWorld } from './_world.ts'

const used = () => {
  ;(globalThis as { gc?: () => void }).gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

type Query = { name: string; filter: EventFilter; more?: object; where: string; order?: 'desc'; offset?: number }

function queriesFor(total: number, mid: SimEvent, turn: number): Query[] {
  const { timestamp } = mid
  const micros = Date.parse(timestamp) * 1000
  const last = Math.max(0, total - 1000)
  const after = `timestamp >= '${new Date(micros / 1000).toISOString()}'`
  const involved = `(agent_id = 'agent_3' or list_contains(details.participating_agent_ids, 'agent_3'))`
  return [
    { name: 'first', filter: {}, where: 'true' },
    { name: 'last', filter: {}, more: { offset: last }, where: 'true', offset: last },
    { name: 'descending', filter: {}, more: { order: 'desc' }, where: 'true', order: 'desc' },
    { name: 'type', filter: { eventTypes: ['STATE'] }, where: `event_type = 'STATE'` },
    { name: 'agent', filter: { agentIds: ['agent_3'] }, where: involved },
    {
      name: 'turns',
      filter: { turnStart: turn, turnEnd: turn + 200 },
      where: `turn_number between ${turn} and ${turn + 200}`,
    },
    { name: 'time', filter: { startMicros: micros }, where: after },
    {
      name: 'all_four',
      filter: { eventTypes: ['ACTION'], agentIds: ['agent_3'], agentMatch: 'actor', turnStart: turn, startMicros: 0 },
      where: `event_type = 'ACTION' and agent_id = 'agent_3' and turn_number >= ${turn} and timestamp >= '1970-01-01'`,
    },
    { name: 'sparse', filter: { eventTypes: ['MILESTONE'] }, where: `event_type = 'MILESTONE'` },
    {
      name: 'text',
      filter: { text: 'Agent_3: trade with agent_7' },
      where: `description ilike '%agent_3: trade with agent_7%'`,
    },
    { name: 'text_everywhere', filter: { text: 'agent' }, where: `description ilike '%agent%'` },
  ]
}

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000]
for (const count of counts) {
  const root = tempFolder()
  const run = `bench_${count}`
  await writeWorld(root, run, count)
  const coldRates: number[] = []
  for (let i = 0; i < (count > 2_000_000 ? 1 : 3); i++) {
    const fresh = new EventService({ outputRoot: root })
    const from = performance.now()
    const { total } = await fresh.getFilteredEvents(run, {}, { limit: 1 })
    coldRates.push((total * 1000) / (performance.now() - from))
  }
  const before = used()
  const service = new EventService({ outputRoot: root })
  const { total } = await service.getFilteredEvents(run, {}, { limit: 1 })
  const after = used()
  const turn = Math.floor(total / PER_TURN / 2)
  const one = async (filter: EventFilter, more: object = {}) =>
    (await service.getFilteredEvents(run, filter, { limit: 1, ...more })).events[0]!
  const late = await one({ eventTypes: ['STATE'] }, { order: 'desc' })
  const mid = await one({ eventTypes: ['ACTION'], turnStart: turn })
  const start = await one({ text: `turn ${turn} started` })
  const queries = queriesFor(total, mid, turn)
  const pages: Record<string, Spread> = {}
  for (const { name, filter, more } of queries)
    pages[name] = await timed(15, () => service.getFilteredEvents(run, filter, { limit: 1000, ...more }))
  const chain = (event: SimEvent, depth: number) =>
    timed(15, () => service.getCausalityChain(run, event.event_id, depth))
  say({
    events: total,
    cold_events_per_second: rateSpread(coldRates),
    index_bytes_per_event: Number((service.indexBytes / total).toFixed(1)),
    measured_heap_bytes_per_event: Number(((after - before) / total).toFixed(1)),
    page_ms: pages,
    causality_ms: {
      'depth 5': await chain(mid, 5),
      'depth 20': await chain(mid, 20),
      'depth 50': await chain(mid, 50),
      'depth 50 of a turn start (fans out)': await chain(start, 50),
      'depth 50 from the end': await chain(late, 50),
    },
    turns_ms: await timed(9, () => service.getTurns(run, { turnStart: turn, turnEnd: turn + 100 })),
    playback_ms: await timed(9, () => service.getPlayback(run, { turnStart: turn }, 50)),
    facets_ms: await timed(9, () => service.getFacets(run)),
    one_event_ms: await timed(9, () => service.getEventById(run, mid.event_id)),
    load_per_core: loadPerCore(),
  })
  const duck = count > 2_000_000 ? undefined : await openDuck(path.join(root, run))
  if (duck) {
    const rounds = 7
    const scans: Record<string, Spread> = {}
    const table: Record<string, Spread> = {}
    const files = ['type', 'agent', 'all_four', 'text']
    for (const query of queries.filter(({ name }) => files.includes(name)))
      scans[query.name] = await timed(Math.min(rounds, 3), () => duck.page('files', query))
    const loadMs = await duck.load()
    for (const query of queries) table[query.name] = await timed(rounds, () => duck.page('loaded', query))
    const causes: Spread = await timed(rounds, () => duck.causes(mid.event_id, 50))
    say({
      peer: `DuckDB ${duck.version}`,
      events: total,
      load_events_per_second: Math.round((total * 1000) / loadMs),
      database_bytes_per_event: Number((duck.bytes() / total).toFixed(1)),
      page_ms_over_the_files: scans,
      page_ms_of_a_loaded_table: table,
      causes_ms_of_a_loaded_table: { 'depth 50': causes },
      ratio_to_loaded_table: Object.fromEntries(
        queries.map(({ name }) => [name, spread([table[name]!.median / Math.max(0.1, pages[name]!.median)], 1).median]),
      ),
      load_per_core: loadPerCore(),
    })
    duck.close()
  }
  fs.rmSync(root, { recursive: true })
}
