// All bars of the design, measured one part after the other, written to docs/benchmarks.md after each part.
//   npm run bench                          all parts, at most 12 minutes
//   npm run bench -- kernel/dispatch …     these parts (or `kernel`: all that begin so); the figures of the others stay
//   npm run bench -- --missing             the parts that have no figures yet, or that did not end well
//   npm run bench -- --quick               small sizes, to try whether everything runs; printed, not written
//   npm run bench -- --list                names and time limits
//   npm run bench -- --write               the page again from the figures there are
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runChild } from './run/child.ts'
import { machine, readFigures, writeFigures, writePage } from './run/page.ts'
import { PARTS, type Part } from './run/parts.ts'
import { meetsBar, type PartResult } from './run/rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    missing: { type: 'boolean' },
    list: { type: 'boolean' },
    write: { type: 'boolean' },
    minutes: { type: 'string', default: '12' },
  },
})
if (values.list) {
  for (const part of PARTS)
    console.log(`${part.id.padEnd(22)} ${String(part.limitSeconds).padStart(4)} s  ${part.title}`)
  process.exit(0)
}
const figures = readFigures()
if (values.write) {
  writePage(figures)
  process.exit(0)
}
const unknown = positionals.filter((name) => !PARTS.some(({ id }) => id.startsWith(name)))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; npm run bench -- --list names them`)
  process.exit(2)
}
const wanted = PARTS.filter(
  ({ id }) =>
    (positionals.length === 0 || positionals.some((name) => id.startsWith(name))) &&
    (!values.missing || !figures.parts[id] || figures.parts[id].trouble !== undefined),
)
const load = () => Number(os.loadavg()[0]!.toFixed(1))

async function runPart(part: Part, leftSeconds: number): Promise<PartResult> {
  const before = load()
  const from = performance.now()
  const lines: string[] = []
  let trouble: string | undefined
  for (const argv of values.quick ? part.quick : part.full) {
    const limit = Math.min(part.limitSeconds, leftSeconds) - (performance.now() - from) / 1000
    if (limit < 5) {
      trouble = `no time was left for ${argv.join(' ')}`
      break
    }
    const outcome = await runChild(argv, {
      limitSeconds: limit,
      tmp: path.join(os.tmpdir(), `troupe-bench-${process.pid}`),
    })
    lines.push(...outcome.lines)
    if (outcome.timedOut) trouble = `${argv.join(' ')} did not end within its ${Math.round(limit)} s`
    // 1 is also what a script ends with that met a missed bar; with rows there is something to show.
    else if (outcome.code !== 0 && (outcome.code !== 1 || /Error/.test(outcome.errors)))
      trouble = `${argv.join(' ')} ended with ${outcome.code}: ${outcome.errors.trim().split('\n').slice(-6).join(' ').slice(0, 300)}`
  }
  const rows = part.read(lines)
  if (rows.length === 0 && !trouble) trouble = 'it said nothing that can be read'
  return {
    id: part.id,
    rows,
    seconds: Math.round((performance.now() - from) / 1000),
    load: { before, after: load() },
    quick: values.quick ?? false,
    ...(trouble ? { trouble } : {}),
  }
}

const started = performance.now()
const budget = Number(values.minutes) * 60
let missed = 0
let broken = 0
for (const part of wanted) {
  const left = budget - (performance.now() - started) / 1000
  if (left < 15) {
    console.log(`${part.id}: not run, the ${values.minutes} minutes are over (npm run bench -- --missing)`)
    broken++
    continue
  }
  process.stdout.write(`${part.id} … `)
  const result = await runPart(part, left)
  console.log(`${result.seconds} s, load ${result.load.before} → ${result.load.after}`)
  for (const row of result.rows) {
    const met = meetsBar(row)
    if (met === false) missed++
    const bar = row.bar ? ` (bar ${row.bar.at === 'most' ? '≤' : '≥'} ${row.bar.value})` : ''
    const peer = row.peer ? `; ${row.peer.name}: ${row.peer.value}` : ''
    console.log(
      `  ${met === undefined ? '     ' : met ? 'ok   ' : 'MISS '} ${row.what}: ${row.value} ${row.unit}${bar}${peer}`,
    )
  }
  if (result.trouble) {
    broken++
    console.log(`  TROUBLE ${result.trouble}`)
  }
  if (values.quick) continue
  figures.machine = machine()
  // A part that broke does not wipe out what an earlier run of it had measured.
  if (result.rows.length > 0 || !figures.parts[part.id]) figures.parts[part.id] = result
  writeFigures(figures)
  writePage(figures)
}
console.log(
  `${wanted.length} parts in ${Math.round((performance.now() - started) / 1000)} s: ${missed} bars missed, ${broken} parts in trouble${values.quick ? '; quick mode: figures mean nothing, nothing written' : '; docs/benchmarks.md written'}`,
)
fs.rmSync(path.join(os.tmpdir(), `troupe-bench-${process.pid}`), { recursive: true, force: true })
process.exit(missed + broken > 0 ? 1 : 0)
