import { formatNumber } from '../../pages/format-number.ts'
import { code, table as htmlTable, paragraph, section } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import type { Row } from '../../tables/table.ts'
import { toDelimited } from '../../tables/write-table.ts'
import { findTable, hasTableSource } from '../find-table.ts'
import type { Skill, SkillOutput, SkillPorts, SkillRequest } from '../skill.ts'
import { invalid, SkillError } from '../skill-error.ts'
import { type DatabaseTask, readDatabaseTask } from './read-database-task.ts'
import { batchesOf, renameColumns, storeName } from './rows-to-store.ts'

type QueryAnswer = { columns: string[]; rows: Row[]; row_count: number; truncated: boolean }

const LIST_SQL = `SELECT table_schema AS schema, table_name AS table, table_type AS type FROM information_schema.tables WHERE table_schema IN ('agent_data', 'tasks') ORDER BY 1, 2`
const DESCRIBE_SQL = `SELECT column_name AS column, data_type AS type, is_nullable = 'YES' AS nullable, column_default AS "default" FROM information_schema.columns WHERE table_name = $1 AND ($2 = '' OR table_schema = $2) AND table_schema IN ('agent_data', 'tasks') ORDER BY table_schema, ordinal_position`

const ask = async (ports: SkillPorts, query: string, params: readonly unknown[] = []): Promise<QueryAnswer> =>
  (await ports.tool('database_query', { query, params })) as unknown as QueryAnswer

const plural = (n: number, word: string) => `${formatNumber(n)} ${word}${n === 1 ? '' : 's'}`

async function runQuery(
  task: Extract<DatabaseTask, { kind: 'query' }>,
  { inputData }: SkillRequest,
  ports: SkillPorts,
): Promise<SkillOutput> {
  const params = inputData['params']
  if (params !== undefined && !Array.isArray(params))
    throw invalid('input_data.params must be a list of values for $1, $2 …')
  const answer = await ask(ports, task.sql, params ?? [])
  const files: string[] = []
  if (task.isExport) {
    const file = await ports.files.reserve(task.file ?? 'query.csv')
    await ports.files.write(file, toDelimited(answer.rows, ',', answer.columns))
    files.push(file)
  }
  const cut = answer.truncated ? ' (more exist: the result is cut)' : ''
  const summary = `The query returned ${plural(answer.row_count, 'row')}${cut}${files.length > 0 ? `, exported to ${files[0]}` : ''}`
  const { columns, rows, row_count, truncated } = answer
  return {
    data: {
      columns,
      rows,
      row_count,
      ...(truncated && { truncated }),
      ...(files.length > 0 && { output_file: files[0] }),
    },
    summary,
    files,
    result:
      section('Summary', paragraph(`${summary}.`)) +
      section('Rows', htmlTable(rows, columns)) +
      section('Query', code(task.sql)),
  }
}

async function showSchema(task: DatabaseTask, ports: SkillPorts): Promise<SkillOutput> {
  if (task.kind !== 'describe') {
    const { columns, rows, row_count } = await ask(ports, LIST_SQL)
    const summary = `There are ${plural(row_count, 'table')}`
    return {
      data: { columns, rows, row_count },
      summary,
      result: section('Summary', paragraph(`${summary}.`)) + section('Tables', htmlTable(rows, columns)),
    }
  }
  const [schema, name] = task.table.includes('.') ? task.table.toLowerCase().split('.') : ['', task.table.toLowerCase()]
  const { columns, rows, row_count } = await ask(ports, DESCRIBE_SQL, [name, schema])
  if (row_count === 0)
    throw new SkillError('SQL_ERROR', `there is no table ${task.table}: list the tables to see which exist`)
  const summary = `Table ${task.table} has ${plural(row_count, 'column')}`
  return {
    data: { table: task.table, columns, rows, row_count },
    summary,
    result: section('Summary', paragraph(`${summary}.`)) + section(task.table, htmlTable(rows, columns)),
  }
}

/** Plain values that prerequisites found, as one row. */
function valuesOf({ previous }: SkillRequest): Row[] {
  const row: Row = {}
  for (const { data } of previous)
    for (const [key, value] of Object.entries(data)) if (typeof value !== 'object' || value === null) row[key] = value
  return Object.keys(row).length > 0 ? [row] : []
}

async function rowsFor(request: SkillRequest, ports: SkillPorts): Promise<Row[]> {
  if (hasTableSource(request)) return (await findTable(request, ports)).table.rows
  const values = valuesOf(request)
  if (values.length === 0) throw invalid('there are no rows to store: a step before must find some, or attach a table')
  return values
}

/** A table of its own for a task whose text names none. */
const defaultTable = (taskId: string): string => storeName(`task_${taskId.split('_').at(-1) ?? taskId}`)

async function store(
  task: Extract<DatabaseTask, { kind: 'store' }>,
  request: SkillRequest,
  ports: SkillPorts,
): Promise<SkillOutput> {
  const rows = renameColumns(await rowsFor(request, ports))
  const table =
    task.table === undefined ? defaultTable(request.taskId) : storeName(task.table.replace(/^agent_data\./i, ''))
  const batches = batchesOf(rows)
  let inserted = 0
  let created = false
  for (const [at, batch] of batches.entries()) {
    const answer = await ports.tool('store_rows', { table, rows: batch })
    inserted += Number(answer['inserted'] ?? batch.length)
    created ||= answer['created'] === true
    ports.progress(`Stored ${inserted} of ${rows.length} rows`, Math.round(((at + 1) / batches.length) * 100))
  }
  const summary = `Stored ${plural(inserted, 'row')} in ${created ? 'the new table ' : ''}agent_data.${table}`
  const data: JsonObject = { inserted, table, created, columns: Object.keys(rows[0] ?? {}), row_count: inserted }
  return {
    data,
    summary,
    result: section('Summary', paragraph(`${summary}.`)) + section('First rows', htmlTable(rows.slice(0, 20))),
  }
}

function confidenceOf(request: SkillRequest): number {
  if (!request.capabilities.includes('database_operations')) return 0
  const task = readDatabaseTask(request)
  if (!task) return 0
  if (task.kind === 'query') return 0.97
  if (task.kind !== 'store') return 0.95
  return hasTableSource(request) || request.previous.length > 0 ? 0.9 : 0.82
}

/** S6: SQL, schema, storing rows, export to CSV. The server runs all SQL by its rules. */
export const database: Skill = {
  name: 'database',
  title: 'Database',
  capabilities: ['database_operations'],
  confidence: confidenceOf,

  async run(request, ports) {
    const task = readDatabaseTask(request)
    if (!task) throw invalid('write the SQL, for example "Run SQL: SELECT 1", or name the table to store in')
    if (task.kind === 'query') return runQuery(task, request, ports)
    if (task.kind === 'store') return store(task, request, ports)
    return showSchema(task, ports)
  },
}
