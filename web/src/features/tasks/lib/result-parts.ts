import { dataParts } from '../../../components/data-parts.ts'
import type { TaskFile } from '../types.ts'

type Data = Record<string, unknown>

/** Where files lie is among the downloads, and how a number is written in JSON is for programs. */
const FOR_PROGRAMS = new Set([
  'rows_file',
  'charts',
  'output_file',
  'output_files',
  'report_file',
  'report_markdown',
  'exact',
])
/** Profile of a column, in the order it is read. */
const PROFILE = ['name', 'type', 'missing', 'distinct', 'min', 'mean', 'median', 'max', 'sum', 'top']

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value)

function profileOf(columns: unknown): Data[] | undefined {
  if (!Array.isArray(columns) || !columns.every((one) => isRecord(one) && 'name' in one && 'distinct' in one))
    return undefined
  const used = PROFILE.filter((name) => columns.some((one: Data) => one[name] !== undefined))
  return columns.map((one: Data) => Object.fromEntries(used.map((name) => [name, one[name] ?? null])))
}

/** Of a page only what was asked for is a finding when it has tables or prices; the rest of it stands behind. */
const OF_A_PAGE = ['headings', 'links', 'lists', 'meta', 'text']

/** `[{caption, columns, rows}]` as a table for each, under its caption. */
function tablesOf(tables: unknown): Data | undefined {
  if (!Array.isArray(tables) || tables.length === 0) return undefined
  if (!tables.every((one) => isRecord(one) && Array.isArray(one['rows']) && Array.isArray(one['columns'])))
    return undefined
  return Object.fromEntries(
    tables.map((one: Data, at) => [String(one['caption'] || `table ${at + 1}`), one['rows']] as const),
  )
}

/** What a result says, and apart from it the data that only went from step to step: the rows, their columns, merged data. */
export function resultParts(data: Data): { findings: Data; passed: Data } {
  const {
    rows,
    columns,
    combined,
    tables: found,
    ...others
  } = Object.fromEntries(Object.entries(data).filter(([name]) => !FOR_PROGRAMS.has(name))) as Data
  const pageTables = tablesOf(found)
  const rest: Data = { ...others, ...(pageTables ?? (found === undefined ? {} : { tables: found })) }
  const ofPage: Data = {}
  if (pageTables || rest['prices'])
    for (const name of OF_A_PAGE)
      if (name in rest) {
        ofPage[name] = rest[name]
        delete rest[name]
      }
  const { tables, groups } = dataParts(rest)
  const profile = profileOf(columns)
  const passed: Data = ofPage
  const findings: Data = rest
  // Rows are the finding when there is no other table: the answer to a query, the table of a page.
  if (rows !== undefined) (tables.length + groups.length > 0 || profile ? passed : findings)['rows'] = rows
  if (profile) (tables.length + groups.length > 0 ? passed : findings)['columns'] = profile
  else if (columns !== undefined && rows === undefined) findings['columns'] = columns
  if (combined !== undefined)
    (Object.keys(rest).length > 0 || rows !== undefined ? passed : findings)['combined'] = combined
  return { findings, passed }
}

/** Files people want first; what the steps keep for each other apart. */
export function sortDownloads(files: readonly TaskFile[]): { wanted: TaskFile[]; internal: TaskFile[] } {
  const isInternal = (file: TaskFile) => /(^|\/)(result|rows)\.json$/.test(file.path)
  const kindOf = ({ path }: TaskFile) =>
    /(^|\/)artifacts\/reports\//.test(path) ? 0 : /(^|\/)artifacts\/images\//.test(path) ? 2 : 1
  return {
    wanted: files.filter((file) => !isInternal(file)).toSorted((a, b) => kindOf(a) - kindOf(b)),
    internal: files.filter(isInternal),
  }
}
