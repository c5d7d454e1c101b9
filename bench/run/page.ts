// docs/benchmarks.md from bench/figures.json, which keeps what was measured last, part by part.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PARTS } from './parts.ts'
import { meetsBar, type PartResult, type Row } from './rows.ts'

export type Figures = { machine: string; parts: Record<string, PartResult> }

const ROOT = path.resolve(import.meta.dirname, '../..')
const FIGURES = path.join(ROOT, 'bench/figures.json')
const PAGE = path.join(ROOT, 'docs/benchmarks.md')

export const machine = (): string =>
  `${os.cpus().length} cores (${os.cpus()[0]!.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.arch()}, Node ${process.versions.node}`

export function readFigures(): Figures {
  return fs.existsSync(FIGURES)
    ? (JSON.parse(fs.readFileSync(FIGURES, 'utf8')) as Figures)
    : { machine: machine(), parts: {} }
}
export function writeFigures(figures: Figures): void {
  const half = `${FIGURES}.${process.pid}`
  fs.writeFileSync(half, `${JSON.stringify(figures, null, 2)}\n`)
  fs.renameSync(half, FIGURES)
}

const number = (value: number | undefined) =>
  value === undefined ? '' : value.toLocaleString('en-US', { maximumFractionDigits: 2 })

/** Above 1: we are better than the peer by that factor, whichever way the unit counts. */
export function ratio({ value, bar, peer, unit }: Row): string {
  if (!peer || value === 0 || peer.value === 0) return ''
  const more = bar ? bar.at === 'least' : unit === '/s'
  const factor = more ? value / peer.value : peer.value / value
  return factor >= 10 ? factor.toFixed(0) : factor >= 0.1 ? factor.toFixed(1) : factor.toFixed(2)
}

function table(result: PartResult): string {
  const lines = result.rows.map((row) => {
    const met = meetsBar(row)
    const bar = row.bar ? `${row.bar.at === 'most' ? '≤' : '≥'} ${number(row.bar.value)}` : '–'
    const seen = `${number(row.value)} ${row.unit}`.trim()
    const peer = row.peer ? `${number(row.peer.value)} (${row.peer.name})` : '–'
    const what = row.note ? `${row.what}<br>${row.note}` : row.what
    return `| ${what} | ${bar} | ${met === false ? `**${seen}, missed**` : seen} | ${number(row.worst) || '–'} | ${peer} | ${ratio(row) || '–'} |`
  })
  return ['| what | bar | median | worst | peer or floor | ratio |', '|---|---|---|---|---|---|', ...lines].join('\n')
}

export function writePage(figures: Figures): void {
  const measured = PARTS.filter(({ id }) => figures.parts[id])
  const rows = measured.flatMap(({ id }) => figures.parts[id]!.rows.filter(({ bar }) => bar))
  const missed = rows.filter((row) => meetsBar(row) === false)
  const absent = PARTS.filter(({ id }) => !figures.parts[id]).map(({ id }) => id)
  const sections = measured.map((part) => {
    const result = figures.parts[part.id]!
    const commands = part.full.map((argv) => `\`node ${argv.join(' ')}\``).join(', then ')
    return `## ${part.title}

${part.method} ${commands}; ${result.seconds} s, load average ${result.load.before} before and ${result.load.after} after.${result.trouble ? ` **Not whole: ${result.trouble}.**` : ''}

${table(result)}
`
  })
  fs.writeFileSync(
    PAGE,
    `# Benchmarks

\`npm run bench\` measures every bar of the design in at most twelve minutes and writes this page. \`npm run bench -- kernel/dispatch\` repeats one part and
keeps the others, \`-- --missing\` runs what has no figures yet, \`-- --quick\` tries everything with small sizes and writes nothing. Nothing of it is
part of \`npm test\`.

Machine: ${figures.machine}, shared with nothing but the load generators, which run on the same cores. Durability is on everywhere
(\`fsync\`, \`synchronous_commit\`); only the engine's own records do not wait for the disk ([decision 0008](decisions/0008-relaxed-engine-records.md)).

How to read it: *median* is the middle of the rounds (or the only figure), *worst* the worst round or the highest value seen. A *peer* is another product
doing the same work in the same run; a *floor* is the least that anything could need, such as PostgreSQL alone. *Ratio* says by what factor ours is better
(above 1) or dearer (below 1), whichever way the unit counts. Peers are installed apart: \`npm ci --prefix bench/peers/langgraph --legacy-peer-deps\` and
\`npm ci --prefix bench/peers\`; without them their columns are empty.

${rows.length - missed.length} of ${rows.length} bars are met.${missed.length > 0 ? ` Missed: ${missed.map(({ what, value, unit, bar }) => `${what} (${number(value)} ${unit}, bar ${number(bar!.value)})`).join('; ')}.` : ''}${absent.length > 0 ? ` Not measured yet: ${absent.join(', ')}.` : ''}

${sections.join('\n')}`,
  )
}
