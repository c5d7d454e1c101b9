import { formatNumber } from '../../pages/format-number.ts'
import { paragraph, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import { findTable, hasTableSource, rowsOfData } from '../find-table.ts'
import { passRows } from '../pass-rows.ts'
import type { PreviousOutput, Skill, SkillOutput, SkillPorts, SkillRequest } from '../skill.ts'
import { invalid } from '../skill-error.ts'
import { combineData } from './combine.ts'
import { type Block, blocksOf, type Part, toHtml, toMarkdown } from './document.ts'
import { validateRows } from './validate-rows.ts'

const VALIDATES = /\bvalidat\w*|\bcheck\s+(?:the\s+)?(?:data|records|rows|quality)\b/i
const COMBINES = /\b(?:combine|merge|aggregate|join|collect|compare)\w*\b/i
const REPORTS = /\b(?:reports?|summar(?:y|ies)|summari[sz]\w*|documents?|overview|write[- ]?up|present\w*)\b/i
const WRITES_PROSE =
  /\b(?:essay|poem|sonnet|story|novel|article|blog|letter|speech|lyrics|code|function|script|program)\b/i
const MAX_PROBLEMS = 1000

const plural = (n: number, word: string) => `${formatNumber(n)} ${word}${n === 1 ? '' : 's'}`

async function validate(request: SkillRequest, ports: SkillPorts): Promise<SkillOutput> {
  const { table: found } = await findTable(request, ports)
  const { rows } = found
  const { validCount, invalidCount, problems } = validateRows(rows)
  const passed = await passRows(rows, request.subtaskId, ports)
  const summary = `Checked ${plural(rows.length, 'record')}: ${validCount} valid, ${invalidCount} invalid`
  const data: JsonObject = {
    valid_count: validCount,
    invalid_count: invalidCount,
    problems: problems.slice(0, MAX_PROBLEMS),
    row_count: rows.length,
    ...passed,
  }
  const shown = problems.length > 0 ? section('Problems', table(problems)) : section('Problems', paragraph('None.'))
  return {
    data,
    summary,
    result: section('Summary', paragraph(`${summary}.`)) + shown + section('Records', table(rows.slice(0, 20))),
  }
}

const isChart = (path: unknown): path is string => typeof path === 'string' && /^artifacts\/images\/.*\.svg$/.test(path)

/** Charts that a prerequisite drew, as drawings. One that is gone is left out: the report still stands. */
async function chartsOf({ files, data }: PreviousOutput, ports: SkillPorts): Promise<Block[]> {
  const listed = Array.isArray(data['charts']) ? data['charts'] : []
  const paths = [...new Set([...listed, ...files].filter(isChart))]
  const known = new Set(
    (paths.length > 0 ? await ports.files.list(paths[0]!.split('/').slice(0, 3).join('/')) : []).map(({ path }) =>
      path.split('/').at(-1),
    ),
  )
  const present = paths.filter((path) => known.has(path.split('/').at(-1)))
  return Promise.all(
    present.map(async (file): Promise<Block> => {
      const svg = new TextDecoder().decode(await ports.files.read(file))
      return { kind: 'chart', title: /aria-label="([^"]*)"/.exec(svg)?.[1] ?? 'Chart', svg, file }
    }),
  )
}

/** Numbers that prerequisites found under names of their own, as one chart; none when there are fewer than two. */
async function figuresChart(
  previous: readonly PreviousOutput[],
  request: SkillRequest,
  ports: SkillPorts,
): Promise<Block[]> {
  const figures = previous
    .flatMap(({ data }) => Object.entries(data))
    .filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === 'number' && !/^(?:status|row_count|column_count|pages)$/.test(entry[0]),
    )
  if (figures.length < 2 || figures.length > 25) return []
  const { drawChart } = await import('../../charts/draw-chart.ts')
  const { drawPng } = await import('../../charts/draw-png.ts')
  const svg = drawChart({
    kind: 'bar',
    title: 'Figures of the steps',
    categories: figures.map(([name]) => name.replaceAll('_', ' ')),
    series: [{ name: 'value', values: figures.map(([, value]) => value) }],
    valueLabel: 'value',
    categoryLabel: '',
  })
  const file = await ports.files.number(`artifacts/images/${request.taskId}`, 'bar', '.svg')
  await ports.files.write(file, svg)
  await ports.files.write(file.replace(/\.svg$/, '.png'), await drawPng(svg))
  return [{ kind: 'chart', title: 'Figures of the steps', svg, file }]
}

async function buildParts(
  previous: readonly PreviousOutput[],
  request: SkillRequest,
  ports: SkillPorts,
): Promise<{ parts: Part[]; files: string[] }> {
  const parts: Part[] = [
    {
      title: 'Summary',
      blocks: [{ kind: 'list', items: previous.map(({ summary }, at) => summary || `Step ${at + 1}`) }],
    },
  ]
  const files = [...new Set(previous.flatMap((output) => output.files))]
  let drawn = 0
  for (const [at, output] of previous.entries()) {
    const charts = await chartsOf(output, ports)
    drawn += charts.length
    const heading = output.summary.split(/[.;:](?:\s|$)/)[0]!.slice(0, 100) || `Step ${at + 1}`
    const more = output.summary.slice(heading.length).replace(/^[.;:]?\s*/, '')
    parts.push({
      title: `${at + 1}. ${heading}`,
      blocks: [...(more ? [{ kind: 'text' as const, text: more }] : []), ...charts, ...blocksOf(output.data)],
    })
  }
  if (drawn === 0) {
    const chart = await figuresChart(previous, request, ports)
    if (chart.length > 0) parts.push({ title: 'Charts', blocks: chart })
  }
  if (files.length > 0) parts.push({ title: 'Files', blocks: [{ kind: 'list', items: files }] })
  return { parts, files }
}

async function report(
  previous: readonly PreviousOutput[],
  request: SkillRequest,
  ports: SkillPorts,
): Promise<SkillOutput> {
  const { combined, conflicts } = combineData(previous)
  const { parts } = await buildParts(previous, request, ports)
  const heading = REPORTS.test(request.description) ? 'Report' : 'Combined results'
  const folder = `artifacts/reports/${request.taskId}`
  const html = await ports.files.number(folder, 'report', '.html')
  const markdown = html.replace(/\.html$/, '.md')
  const body = toHtml(heading, parts)
  const { renderDocument } = await import('../../pages/result-page.ts')
  await ports.files.write(markdown, toMarkdown(heading, parts))
  await ports.files.write(html, renderDocument(heading, body))
  const rows = previous.flatMap(({ data }) => rowsOfData(data) ?? [])
  const what = `${plural(previous.length, 'result')} with ${plural(Object.keys(combined).length, 'value')}`
  const name = html.slice(html.lastIndexOf('/') + 1)
  const summary = heading === 'Report' ? `Wrote a report of ${what}: ${name}` : `Combined ${what}: ${name}`
  const data: JsonObject = {
    combined,
    report_file: html,
    report_markdown: markdown,
    ...(Object.keys(conflicts).length > 0 && { conflicts }),
    ...(rows.length > 0 && { rows: rows.slice(0, 1000) }),
  }
  return { data, summary, files: [html, markdown], result: body }
}

/** A report about a table that no step analysed: it is analysed first. */
async function analysed(request: SkillRequest, ports: SkillPorts): Promise<PreviousOutput[]> {
  const { tableAnalysis } = await import('../table-analysis/table-analysis.ts')
  const { data, summary, files } = await tableAnalysis.run(request, ports)
  return [{ subtaskId: request.subtaskId, data, summary, files: files ?? [] }]
}

function confidenceOf(request: SkillRequest): number {
  const { description, previous, capabilities } = request
  if (!capabilities.includes('code_generation') && !capabilities.includes('data_analysis')) return 0
  if (VALIDATES.test(description)) return previous.length > 0 || hasTableSource(request) ? 0.92 : 0.8
  const asks = COMBINES.test(description) || REPORTS.test(description)
  if (!asks || WRITES_PROSE.test(description)) return 0
  if (previous.length > 0) return /\bcompar/i.test(description) && !/results/i.test(description) ? 0.82 : 0.91
  return hasTableSource(request) && REPORTS.test(description) ? 0.91 : 0.3
}

/** S7: reports and combination of what steps found; validation of records. */
export const reporting: Skill = {
  name: 'report',
  title: 'Report and combination',
  capabilities: ['code_generation', 'data_analysis'],
  confidence: confidenceOf,

  async run(request, ports) {
    if (VALIDATES.test(request.description)) return validate(request, ports)
    if (request.previous.length > 0) return report(request.previous, request, ports)
    if (!hasTableSource(request))
      throw invalid('there is nothing to report on: let steps before find something, or attach a table')
    return report(await analysed(request, ports), request, ports)
  },
}
