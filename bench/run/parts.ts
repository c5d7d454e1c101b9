// The parts of `npm run bench`, in the order in which they run: what is started, how long it may take, and how its figures are read.
import type { Row } from './rows.ts'

export type Part = {
  id: string
  title: string
  /** What is measured and how, for the page. */
  method: string
  full: readonly (readonly string[])[]
  quick: readonly (readonly string[])[]
  limitSeconds: number
  read(lines: readonly string[]): Row[]
}

const jsonLines = (lines: readonly string[]): any[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
const ownRows = (lines: readonly string[]): Row[] =>
  jsonLines(lines).flatMap((line) => (line.row ? [line.row as Row] : []))
const round = (value: number, digits = 1) => Number(value.toFixed(digits))
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** `ok   what: seen unit (at most limit)`, as the movie table prints. */
const movieRows = (lines: readonly string[]): Row[] =>
  lines.flatMap((line) => {
    const found = /^(?:ok {2}|MISS) (.+): ([\d.]+) (\S+) \(at (most|least) ([\d.]+)\)/.exec(line)
    if (!found) return []
    const [, what, seen, unit, at, limit] = found as unknown as string[]
    return [
      { what: what!, unit: unit!, value: round(Number(seen), 2), bar: { at: at as 'most', value: Number(limit) } },
    ]
  })

/** `ok     what        seen unit (limit n)`, as the planning table prints. */
const sessionRows = (lines: readonly string[]): Row[] =>
  lines.flatMap((line) => {
    const found = /^(?:ok {4}|MISSED) (.+?) {2,}([\d.]+) (\S*) ?\(limit ([\d.]+)\)/.exec(line)
    if (!found) return []
    const [, what, seen, unit, limit] = found as unknown as string[]
    return [{ what: what!, unit: unit!, value: Number(seen), bar: { at: 'most' as const, value: Number(limit) } }]
  })

const listRows = (lines: readonly string[]): Row[] =>
  lines.flatMap((line) => {
    const found = /^\| (.+?) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/.exec(line)
    if (!found) return []
    const [, what, p50, p95, together] = found as unknown as string[]
    return [
      {
        what: `planning, ${what}: p95`,
        unit: 'ms',
        value: Number(p95),
        ...(what === 'its gate' || what === 'one brief' ? {} : { bar: { at: 'most' as const, value: 50 } }),
        note: `p50 ${p50}, ten callers at once p95 ${together}`,
      },
    ]
  })

function dispatchRows(lines: readonly string[]): Row[] {
  return jsonLines(lines).flatMap((line) => {
    const name = 'LangGraph.js with its PostgreSQL checkpointer, best of three widths'
    const peers = Array.isArray(line.langgraph) ? (line.langgraph as { rates: number[] }[]) : undefined
    const best = peers ? Math.max(...peers.map(({ rates }) => median(rates))) : undefined
    const rows: Row[] = [
      {
        what: `${line.assignments} assignments to no-op agents in the process, each with its events`,
        unit: '/s',
        value: line.per_second_median,
        worst: Math.min(...line.rates),
        bar: { at: 'least', value: 5_000 },
        ...(best ? { peer: { name, value: best } } : { note: String(line.langgraph) }),
      },
    ]
    if (best)
      rows.push({
        what: 'the same, times the peer',
        unit: '×',
        value: round(line.per_second_median / best),
        bar: { at: 'least', value: 4 },
      })
    return rows
  })
}

const waitingRows = (lines: readonly string[]): Row[] =>
  jsonLines(lines).flatMap((line) => {
    if (!line.idle_cpu_percent_of_a_core) return []
    const { node, postgres } = line.idle_cpu_percent_of_a_core
    return [
      {
        what: `${line.runs} waiting runs, nothing happens: server and PostgreSQL together`,
        unit: '% of a core',
        value: round(node + postgres, 2),
        bar: { at: 'most', value: 3 },
        note: `server ${node}, PostgreSQL ${postgres}`,
      },
      {
        what: 'answer inside the process to next step, p95',
        unit: 'ms',
        value: line.answer_to_next_step_ms.p95,
        note: `p50 ${line.answer_to_next_step_ms.p50}`,
      },
      { what: '500 answers at once', unit: '/s', value: line.answers_per_second },
    ] satisfies Row[]
  })

const followRows = (lines: readonly string[]): Row[] => {
  const all = jsonLines(lines)
  const floor = all.find((line) => line.floor_p99_ms !== undefined)?.floor_p99_ms as number | undefined
  return all.flatMap((line) => {
    if (!line.oldest_event_of_a_frame_ms) return []
    const { p50, p99, max } = line.oldest_event_of_a_frame_ms
    return [
      {
        what: `${line.sockets} sockets, ${line.events_per_second} events/s in all: oldest event of a frame, p99`,
        unit: 'ms',
        value: p99,
        worst: max,
        bar: { at: 'most', value: 150 },
        ...(floor === undefined
          ? {}
          : { peer: { name: 'bare ws broadcast of 50 ms frames: no store, cursor or filter', value: floor } }),
        note: `p50 ${p50}; server ${line.server_cpu_percent_of_a_core} % of a core`,
      },
      {
        what: `gaps, repeats and incomplete sockets, ${line.reconnected} of them reconnected`,
        unit: '',
        value: line.gaps + line.repeats + line.incomplete,
        bar: { at: 'most', value: 0 },
      },
    ] satisfies Row[]
  })
}

const httpDispatchRows = (lines: readonly string[]): Row[] => {
  const all = jsonLines(lines)
  const floor = all.find((line) => line.floor)
  return all.flatMap((line) =>
    line.per_second_median === undefined || line.floor
      ? []
      : [
          {
            what: `subtasks through ${line.agents} agents over HTTP, job to stored result`,
            unit: '/s',
            value: line.per_second_median,
            worst: Math.min(...line.rounds),
            bar: { at: 'least' as const, value: 300 },
            ...(floor
              ? {
                  peer: {
                    name: 'same agents, a plain Node server that stores each result with one INSERT',
                    value: floor.per_second_median,
                  },
                }
              : {}),
            note: `${line.cpu_ms_per_subtask.server} ms of the server's processor time each`,
          },
        ],
  )
}

const emitRows = (lines: readonly string[]): Row[] =>
  jsonLines(lines).flatMap((line) => {
    if (!line.build_and_emit_us) return []
    const { build_and_emit_us: emit, events_per_second_to_disk: rate, plain_append_events_per_second: plain } = line
    return [
      {
        what: `build and emit, ${line.events} events`,
        unit: 'µs',
        value: emit.median,
        worst: emit.worst,
        bar: { at: 'most', value: 5 },
      },
      {
        what: `events to disk, ${line.events} events`,
        unit: '/s',
        value: rate.median,
        worst: rate.worst,
        bar: { at: 'least', value: 300_000 },
        peer: { name: 'the same bytes appended, not built, checked or counted', value: plain.median },
      },
    ] satisfies Row[]
  })

const loopRows = (lines: readonly string[]): Row[] =>
  jsonLines(lines).flatMap((line) =>
    line.emit_in_loop_us
      ? [
          {
            what: `emission points inside the turn loop, ${line.stream}`,
            unit: 'µs',
            value: line.emit_in_loop_us.median,
            worst: line.emit_in_loop_us.worst,
            bar: { at: 'most' as const, value: 5 },
          },
        ]
      : [],
  )

const queryRows = (lines: readonly string[]): Row[] => {
  const all = jsonLines(lines)
  const peer = all.find((line) => line.peer)
  return all.flatMap((line) => {
    if (!line.page_ms) return []
    const pages = Object.entries(line.page_ms as Record<string, { median: number; worst: number }>)
    const against = (name: string) => {
      const found = peer?.page_ms_of_a_loaded_table?.[name]
      return found ? { peer: { name: `${peer.peer}, table loaded before`, value: found.median as number } } : {}
    }
    const rows: Row[] = pages.map(([name, ms]) => ({
      what: `page of 1,000 of ${line.events} events: ${name.replaceAll('_', ' ')}`,
      unit: 'ms',
      value: ms.median,
      worst: ms.worst,
      bar: { at: 'most', value: name.startsWith('text') ? 300 : 30 },
      ...against(name),
    }))
    const deep = line.causality_ms['depth 50']
    rows.push({
      what: 'causality to depth 50',
      unit: 'ms',
      value: deep.median,
      worst: deep.worst,
      bar: { at: 'most', value: 30 },
      ...(peer
        ? {
            peer: { name: `${peer.peer}, recursive query`, value: peer.causes_ms_of_a_loaded_table['depth 50'].median },
          }
        : {}),
    })
    rows.push({
      what: 'index',
      unit: 'bytes/event',
      value: line.index_bytes_per_event,
      bar: { at: 'most', value: 100 },
      ...(peer ? { peer: { name: `${peer.peer}, its file`, value: peer.database_bytes_per_event } } : {}),
    })
    return rows
  })
}

const apiRows = (lines: readonly string[]): Row[] => {
  const all = jsonLines(lines)
  const floor = all.find((line) => line.floor)?.floor
  return all.flatMap((line) => {
    if (!line.api) return []
    const { steady, closed } = line.api
    const name = 'bare Node HTTP server with one indexed query or one INSERT a request'
    const against = (value: number | undefined) => (value === undefined ? {} : { peer: { name, value } })
    return [
      {
        what: `${steady.load}: p95`,
        unit: 'ms',
        value: steady.p95_ms,
        worst: steady.max_ms,
        bar: { at: 'most', value: 50 },
        ...against(floor?.steady.p95_ms),
        note: `p50 ${steady.p50_ms}, p99 ${steady.p99_ms}, ${steady.errors} errors`,
      },
      {
        what: `${closed.load}: throughput`,
        unit: '/s',
        value: closed.per_second,
        ...against(floor?.closed.per_second),
        note: `p95 ${closed.p95_ms} ms, ${closed.errors} errors`,
      },
    ] satisfies Row[]
  })
}

export const PARTS: readonly Part[] = [
  {
    id: 'platform/start',
    title: 'Start and idle memory',
    method:
      '`npm start` on an empty folder until `/health` says healthy and the first screen with its script can be loaded; then again on what it left. Memory 8 s after the later start, as the operating system counts it.',
    full: [['bench/platform/start.ts', '3']],
    quick: [['bench/platform/start.ts', '1']],
    limitSeconds: 120,
    read: ownRows,
  },
  {
    id: 'web/first-load',
    title: 'First load of the screens',
    method:
      'A headless Chromium with an empty cache opens the home page of a running server; script as gzipped, FCP as the browser reports it.',
    full: [['bench/platform/web.ts', '7']],
    quick: [['bench/platform/web.ts', '2']],
    limitSeconds: 90,
    read: ownRows,
  },
  {
    id: 'tasks/api',
    title: 'API under load',
    method:
      '100 users at 1 request/s each, 80 % reads, evenly spread; latency from the moment a request was due. Five agents do the submitted work on the same cores. The floor gets the same requests from the same generator.',
    full: [
      ['bench/tasks/api-load.ts', '20'],
      ['bench/floors/api.ts', '10'],
    ],
    quick: [
      ['bench/tasks/api-load.ts', '5', '50'],
      ['bench/floors/api.ts', '3'],
    ],
    limitSeconds: 120,
    read: apiRows,
  },
  {
    id: 'kernel/dispatch',
    title: 'Dispatch in the process',
    method:
      'A plan of 10,000 assignments, delegated in one transaction, to no-op agents in the server process; durability on. The peer fans out to no-op nodes with durability `sync` on the same PostgreSQL afterwards.',
    full: [['bench/kernel/dispatch.ts', '10000', '3']],
    quick: [['bench/kernel/dispatch.ts', '1000', '1']],
    limitSeconds: 150,
    read: dispatchRows,
  },
  {
    id: 'tasks/dispatch-http',
    title: 'Dispatch over HTTP',
    method:
      'Jobs of 100 subtasks to 100 no-op agents in four processes: `POST /execute`, `POST …/result`, stored with its page.',
    full: [
      ['bench/floors/dispatch-http.ts', '1000', '3', '100'],
      ['bench/tasks/dispatch-http.ts', '1000', '3', '100'],
    ],
    quick: [
      ['bench/floors/dispatch-http.ts', '200', '1', '20'],
      ['bench/tasks/dispatch-http.ts', '200', '1', '20'],
    ],
    limitSeconds: 150,
    read: httpDispatchRows,
  },
  {
    id: 'kernel/answers',
    title: 'From answer to next step',
    method:
      'A server in a process of its own; a client answers over HTTP while 10,000 other runs wait; the next stage notes when it begins. The peer is DBOS itself: `recv` in a workflow, woken by `send`.',
    full: [['bench/kernel/answers-http.ts', '300', '10000']],
    quick: [['bench/kernel/answers-http.ts', '50', '500']],
    limitSeconds: 120,
    read: ownRows,
  },
  {
    id: 'kernel/waiting',
    title: 'What waiting costs',
    method:
      '10,000 runs wait for a person; processor time of server and PostgreSQL over twenty seconds in which nothing happens, beginning twenty seconds after the last of them began to wait.',
    full: [['bench/kernel/waiting.ts', '10000', '20', '20']],
    quick: [['bench/kernel/waiting.ts', '500', '3', '2']],
    limitSeconds: 150,
    read: waitingRows,
  },
  {
    id: 'kernel/growth',
    title: 'How cost grows with the number of runs',
    method:
      '10, 100, 1,000 and 10,000 runs of two stages with a write each, all started at once; then as many waiting ones, and the time of one answer and of one page of runs among them. Flat means that a run costs the same among many.',
    full: [['bench/kernel/growth.ts', '10', '100', '1000', '10000']],
    quick: [['bench/kernel/growth.ts', '10', '100']],
    limitSeconds: 180,
    read: ownRows,
  },
  {
    id: 'kernel/follow',
    title: 'Live follow',
    method:
      '500 sockets on `/v1/live`, 1,000 events/s written in transactions of 20; in the middle a tenth of the sockets is cut off and reconnects with its cursor. Server and sockets are two processes on the same cores.',
    full: [
      ['bench/floors/follow.ts', '500', '1000', '5'],
      ['bench/kernel/follow.ts', '500', '1000', '12'],
    ],
    quick: [
      ['bench/floors/follow.ts', '50', '200', '3'],
      ['bench/kernel/follow.ts', '50', '200', '4'],
    ],
    limitSeconds: 90,
    read: followRows,
  },
  {
    id: 'platform/kill',
    title: 'Everything killed',
    method:
      'Work of all four domains in flight; kill -9 of server, agents and PostgreSQL; `troupe up` at once. Counted until the last domain that had work left has done something new; then every job is waited for and its result compared with the known one.',
    full: [['bench/platform/recovery.ts', 'kill', '2']],
    quick: [['bench/platform/recovery.ts', 'kill', '1']],
    limitSeconds: 150,
    read: ownRows,
  },
  {
    id: 'platform/outage',
    title: 'PostgreSQL away',
    method: 'The same work on an outside PostgreSQL that is stopped for 60 s and started again; our processes live on.',
    full: [['bench/platform/recovery.ts', 'outage', '60']],
    quick: [['bench/platform/recovery.ts', 'outage', '5']],
    limitSeconds: 180,
    read: ownRows,
  },
  {
    id: 'simulation/emit',
    title: 'Simulation events',
    method:
      'Building, `emit` and the way to disk as the turn loop does it, 350 bytes an event, no fsync; then the same bytes appended plainly.',
    full: [['bench/simulation/emit.ts', '100000', '1000000']],
    quick: [['bench/simulation/emit.ts', '10000']],
    limitSeconds: 120,
    read: emitRows,
  },
  {
    id: 'simulation/loop',
    title: 'Simulation events inside the loop',
    method: 'Whole runs; time inside the emission points.',
    full: [['bench/simulation/loop.ts', '500', '20']],
    quick: [['bench/simulation/loop.ts', '100', '10']],
    limitSeconds: 90,
    read: loopRows,
  },
  {
    id: 'simulation/query',
    title: 'Simulation queries',
    method:
      'Pages of 1,000 of a run of 1,000,000 events, each filter warm; then DuckDB over a table loaded from the same files.',
    full: [['--expose-gc', 'bench/simulation/query.ts', '1000000']],
    quick: [['--expose-gc', 'bench/simulation/query.ts', '10000']],
    limitSeconds: 150,
    read: queryRows,
  },
  {
    id: 'movies/load',
    title: 'Movies under load',
    method:
      'The load table of the movie contract over HTTP, agents that answer at once, media as the smallest files of their kind.',
    full: [['bench/movies/load.ts', '40']],
    quick: [['bench/movies/load.ts', '5']],
    limitSeconds: 120,
    read: movieRows,
  },
  {
    id: 'planning/list',
    title: 'Planning lists',
    method: '1,000 briefs; each question 300 times, by one caller and by ten.',
    full: [['bench/planning/list.ts', '1000']],
    quick: [['bench/planning/list.ts', '100']],
    limitSeconds: 90,
    read: listRows,
  },
  {
    id: 'planning/sessions',
    title: 'Planning sessions',
    method: 'The limits of the planning team over HTTP, rules engine; then 40 sessions at once.',
    full: [['bench/planning-team/sessions.ts', '40']],
    quick: [['bench/planning-team/sessions.ts', '3']],
    limitSeconds: 120,
    read: sessionRows,
  },
  {
    id: 'tasks/agent-memory',
    title: 'Memory of agents at work',
    method: 'Resident memory of the largest of five agents after 100 jobs of four kinds.',
    full: [['bench/tasks/agent-memory.ts', '100']],
    quick: [['bench/tasks/agent-memory.ts', '10']],
    limitSeconds: 90,
    read: (lines) =>
      lines.flatMap((line) => {
        const cells = line.split('│').map((cell) => cell.trim().replace(/^'|'$/g, ''))
        return cells.length > 5 && /^\d+$/.test(cells[1] ?? '')
          ? [
              {
                what: `largest agent, ${cells[2]}`,
                unit: 'MB',
                value: Number(cells[3]),
                bar: { at: 'most' as const, value: 90 },
              },
            ]
          : []
      }),
  },
]
