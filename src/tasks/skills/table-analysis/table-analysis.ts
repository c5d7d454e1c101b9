import { formatNumber } from '../../pages/format-number.ts'
import type { JsonObject } from '../../schema.ts'
import { profileTable } from '../../tables/profile.ts'
import { writeTable } from '../../tables/write-table.ts'
import { type FoundTable, findTable, hasTableSource } from '../find-table.ts'
import { passRows } from '../pass-rows.ts'
import type { Skill, SkillOutput, SkillPorts, SkillRequest } from '../skill.ts'
import { SkillError, unlessRefused } from '../skill-error.ts'
import type { Plan } from './plan.ts'
import type { DrawnChart } from './report.ts'
import type { Figures } from './run-plan.ts'

const ASKS =
  /\b(?:analy[sz]e\w*|analysis|statistics?|stats|profile|summari[sz]e\s+the\s+(?:data|table|csv|file)|filter\w*|sort(?:ed|ing)?|group(?:ed|ing)?\s+by|averages?|mean|median|totals?|sum|aggregate|top\s+\w+|trends?|correlat\w*|charts?|plots?|graphs?|histograms?|pie|heat\s*-?map|scatter|visuali[sz]\w*|per\s+(?:month|quarter|year)|monthly|quarterly|yearly|calculate|compute|compare|find|count|maximum|minimum|explore|insights?|how\s+many|number\s+of|inspect|examine|process|describe|overview)\b/i
const STRONG =
  /\b(?:analy[sz]\w*|statistics|filter|sort|group|charts?|plots?|histograms?|trends?|correlat\w*|visuali[sz]\w*)\b/i
const READS_TABLE = /\b(?:read|load|open|parse)\b/i
const CONVERTS = /\bconvert\b|\bto\s+(?:json|xlsx|excel|ya?ml|xml|csv|tsv)\b/i
const VALIDATES = /\bvalidat\w*/i

/** How surely a step asks for the analysis of a table. Never "certain": a configured model may do it better. */
function confidenceOf(request: SkillRequest): number {
  const { description } = request
  if (VALIDATES.test(description) || /\bstore|\binsert\b|\bsql\b/i.test(description)) return 0
  const asks = ASKS.test(description)
  if (hasTableSource(request)) {
    if (CONVERTS.test(description) && !STRONG.test(description)) return 0.4
    if (asks) return 0.9
    return READS_TABLE.test(description) ? 0.85 : 0
  }
  return STRONG.test(description) ||
    (asks && /\b(?:data|csv|table|file|spreadsheet|dataset|rows?|columns?|attached)\b/i.test(description))
    ? 0.8
    : 0
}

async function drawCharts(
  request: SkillRequest,
  ports: SkillPorts,
  charts: readonly import('../../charts/chart.ts').Chart[],
): Promise<DrawnChart[]> {
  if (charts.length === 0) return []
  const [{ drawChart }, { drawPng }] = await Promise.all([
    import('../../charts/draw-chart.ts'),
    import('../../charts/draw-png.ts'),
  ])
  const folder = `artifacts/images/${request.taskId}`
  const drawn: DrawnChart[] = []
  for (const [at, chart] of charts.entries()) {
    ports.progress(`Drawing ${chart.title}`, 60 + Math.round((at / charts.length) * 30))
    const svg = drawChart(chart)
    const file = await ports.files.number(folder, chart.kind, '.svg')
    await ports.files.write(file, svg)
    await ports.files.write(file.replace(/\.svg$/, '.png'), await drawPng(svg))
    drawn.push({ svg, title: chart.title, file })
  }
  return drawn
}

function dataOf(figures: Figures): JsonObject {
  const data: JsonObject = {}
  if (figures.filteredCount !== undefined) data['filtered_count'] = figures.filteredCount
  for (const { key, value } of figures.whole) data[key] = value
  for (const { key, figures: entries } of [...figures.groups, ...figures.periods])
    data[key] = merged(data[key], entries)
  for (const { key, rows } of figures.tops) data[key] = rows
  if (figures.correlation) data['correlation_matrix'] = figures.correlation
  return data
}

/** Two groupings by the same column become one, their figures side by side. */
function merged(known: unknown, entries: Record<string, unknown>): Record<string, unknown> {
  if (typeof known !== 'object' || known === null) return entries
  const all: Record<string, unknown> = { ...(known as Record<string, unknown>) }
  for (const [key, value] of Object.entries(entries))
    all[key] = { ...(all[key] as object | undefined), ...(value as object) }
  return all
}

/** Files with the resulting rows: `filtered.csv` after a filter, another format or name when the text asks for it. */
async function saveRows(plan: Plan, figures: Figures, ports: SkillPorts): Promise<string[]> {
  const files: string[] = []
  if (plan.filter) {
    const path = await ports.files.reserve('filtered.csv')
    await ports.files.write(path, await writeTable(figures.rows, 'csv'))
    files.push(path)
  }
  const { save } = plan
  const isSame = plan.filter && save?.name === undefined && save?.format === 'csv'
  if (save && !isSame) {
    const stem = plan.filter ? 'filtered' : plan.sort ? 'sorted' : 'result'
    const path = await ports.files.reserve(save.name ?? `${stem}.${save.format}`)
    await ports.files.write(path, await writeTable(figures.rows, save.format))
    files.push(path)
  }
  return files
}

/** Attachments that are no tables: what can be said about them as texts. */
async function findTableOrTexts(
  request: SkillRequest,
  ports: SkillPorts,
): Promise<FoundTable | { texts: SkillOutput }> {
  try {
    return await findTable(request, ports)
  } catch (error) {
    const isOther = error instanceof SkillError && ['UNSUPPORTED_FORMAT', 'INVALID_INPUT'].includes(error.code)
    if (!isOther || request.attachments.length === 0) throw error
    const { describeAttachedTexts } = await import('../files/file-conversion.ts')
    const texts = await describeAttachedTexts(request, ports)
    if (!texts) throw error
    return { texts }
  }
}

/** S2: statistics, filters, groups, rankings, periods, correlations and charts of a table. */
export const tableAnalysis: Skill = {
  name: 'table_analysis',
  title: 'Table analysis with charts',
  capabilities: ['data_analysis', 'file_processing'],
  confidence: confidenceOf,

  async run(request, ports) {
    const found = await findTableOrTexts(request, ports)
    if ('texts' in found) return found.texts
    const { table, source } = found
    ports.progress(`Read ${table.rows.length} rows of ${source}`, 20)
    const [{ readPlan }, { runPlan }, { chooseCharts }, { findings, reportBody }] = await Promise.all([
      import('./read-plan.ts'),
      import('./run-plan.ts'),
      import('./choose-charts.ts'),
      import('./report.ts'),
    ])
    const plan = readPlan(request.description, table)
    const figures = runPlan(table, plan)
    const profiles = profileTable(table)
    const files = await saveRows(plan, figures, ports)
    const charts = (await unlessRefused(drawCharts(request, ports, chooseCharts(table, plan, figures)))) ?? []
    const passed = await passRows(figures.rows, request.subtaskId, ports)
    files.push(...charts.flatMap(({ file }) => [file, file.replace(/\.svg$/, '.png')]))
    const lines = findings({ plan, figures, table, profiles })
    const data: JsonObject = {
      row_count: table.rows.length,
      column_count: table.columns.length,
      columns: profiles,
      ...dataOf(figures),
      ...(charts.length > 0 && { charts: charts.map(({ file }) => file) }),
      ...passed,
    }
    const summary =
      `Analysed ${formatNumber(table.rows.length)} rows and ${table.columns.length} columns of ${source}. ${lines.slice(0, 3).join(' ')}`.trim()
    return {
      data,
      summary,
      files,
      result: reportBody({ source, table, plan, figures, profiles, charts, lines, files }),
    }
  },
}
