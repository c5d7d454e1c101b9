import { rowsOfJson } from '../tables/json-rows.ts'
import { formatOf, isTabular, readTable } from '../tables/read-table.ts'
import type { Row, Table } from '../tables/table.ts'
import { tableOfRecords } from '../tables/type-columns.ts'
import type { PreviousOutput, SkillPorts, SkillRequest } from './skill.ts'
import { invalid, SkillError } from './skill-error.ts'

/** Where a step's input comes from: named files, input data, prerequisites, attachments. Shared by the skills that read files or tables. */

const FILE_NAME =
  /(?<![\w/@:.-])(?:\.{0,2}\/)?(?:[\w.-]+\/)*[\w-][\w.() -]{0,100}?\.(?:csv|tsv|jsonl?|ndjson|xlsx?|ods|xml|ya?ml|txt|md|markdown|html?|pdf|docx?|zip|png|jpe?g|gif|bmp|webp|svg|log|py|js|ts|tsx|jsx|java|c|cpp|h|cs|go|rs|rb|php|sql|sh|css|ini|toml|gz|tar)(?!\w|\.\w)/gi

/** File names in a text, as written. Addresses do not count. */
export function fileNamesIn(text: string): string[] {
  const withoutUrls = text.replace(/https?:\/\/\S+/gi, ' ')
  const quoted = [...withoutUrls.matchAll(/["'“`]([^"'”`\n]{1,200}\.\w{1,8})["'”`]/g)].map(([, name]) => name!)
  const plain = [...withoutUrls.matchAll(FILE_NAME)].map(([name]) => lastWords(name))
  return [...new Set([...quoted, ...plain.filter((name) => !quoted.some((other) => other.includes(name)))])]
}

/** A name with spaces is only meant when quoted: of "read my data.csv" the name is data.csv. */
const lastWords = (name: string): string => name.trim().split(/\s+/).at(-1)!

/** Names of files that the step wants written, not read. */
export function targetNamesIn(text: string): string[] {
  const written =
    /\b(?:save|write|export|store|output|convert|pack|zip|merge|combine|put|dump)\w*\b(?:(?!\.\s)[^;\n])*?\b(?:to|as|into|in)\s+(?:(?:a|an|the|new|file|named|called)\s+)*["'“`]?((?:[\w-]+\/)*[\w-][\w.-]*\.\w{1,8})/gi
  return [...text.matchAll(written)].map(([, name]) => name!)
}

export type SourceFile = { name: string; bytes: Uint8Array; from: 'attachment' | 'workspace' | 'data' }

const baseName = (path: string): string => path.split(/[/\\]/).at(-1)!

const matchesAttachment = (name: string) => (file: { filename: string; original_filename?: string | undefined }) =>
  file.filename.toLowerCase() === baseName(name).toLowerCase() ||
  file.original_filename?.toLowerCase() === baseName(name).toLowerCase()

/** A file by its name: an attachment, a file of the workspace, or one below DATA_PATH. Throws FILE_NOT_FOUND. */
export async function openNamed(name: string, request: SkillRequest, ports: SkillPorts): Promise<SourceFile> {
  const attachment = request.attachments.find(matchesAttachment(name))
  if (attachment)
    return {
      name: attachment.filename,
      bytes: await ports.files.read(`uploads/${attachment.filename}`),
      from: 'attachment',
    }
  if (/(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name) || /^(?:[/\\~]|[a-z]:)/i.test(name))
    throw new SkillError('PATH_NOT_ALLOWED', `${name}: use a relative path inside the task folder or below DATA_PATH`)
  const relative = name.replace(/^\.\//, '')
  const files = await ports.files.list('.')
  const found =
    files.find(({ path }) => path === relative || path === `output/${relative}`) ??
    files.find(({ path }) => baseName(path) === relative && !path.startsWith('context/'))
  if (found) return { name: baseName(found.path), bytes: await ports.files.read(found.path), from: 'workspace' }
  for (const candidate of [relative, relative.replace(/^data\//, '')]) {
    const bytes = await ports.data.read(candidate)
    if (bytes) return { name: baseName(candidate), bytes, from: 'data' }
  }
  const known = [
    ...request.attachments.map(({ filename }) => filename),
    ...files.map(({ path }) => path).filter((path) => path.startsWith('output/')),
  ]
  throw new SkillError(
    'FILE_NOT_FOUND',
    `there is no file ${name}: attach it or name one of ${known.slice(0, 10).join(', ') || 'the files below DATA_PATH'}`,
  )
}

/** Files that the step names to read, in order; input_data.file where it names none or a retry gave it. */
export function namedSources({ description, inputData, overrides }: SkillRequest): string[] {
  const given = ['file', 'files', 'path', 'filename'].flatMap((key) => {
    const value = inputData[key]
    return (Array.isArray(value) ? value : [value]).filter(
      (item): item is string => typeof item === 'string' && item.trim() !== '',
    )
  })
  const overridden = ['file', 'files', 'path', 'filename'].some((key) => overrides.has(key))
  const targets = new Set(targetNamesIn(description))
  const written = fileNamesIn(description)
  const read = written.filter((name) => !targets.has(name))
  if (overridden || (read.length === 0 && given.length > 0)) return given
  return read
}

const PASSED = ['rows', 'records', 'extracted', 'prices', 'matches', 'json', 'items', 'combined'] as const

/** Rows in a prerequisite's data: `rows` of any skill, JSON of an API, tables of a page. */
export function rowsOfData(data: Record<string, unknown>): Row[] | undefined {
  for (const key of PASSED) {
    const rows = data[key] === undefined ? undefined : rowsOfJson(data[key])
    if (rows && rows.length > 0) return rows
  }
  const tables = data['tables']
  if (Array.isArray(tables)) {
    const rows = rowsOfJson((tables[0] as { rows?: unknown } | undefined)?.rows)
    if (rows && rows.length > 0) return rows
  }
  return undefined
}

export type FoundTable = { table: Table; source: string }

/** What a reader calls rows that a prerequisite passed on. */
const EARLIER = 'the step before'

/** All rows of a prerequisite: from its file when there are more than were passed on. */
async function tableOfPrevious({ data }: PreviousOutput, ports: SkillPorts): Promise<FoundTable | undefined> {
  const rows = rowsOfData(data)
  const file = data['rows_file']
  const total = data['filtered_count'] ?? data['row_count'] ?? data['records']
  const isCut = rows && typeof file === 'string' && typeof total === 'number' && total > rows.length
  if (typeof file === 'string' && (isCut || !rows)) {
    const table = await readTable(await ports.files.read(file), file)
    return { table, source: EARLIER }
  }
  return rows ? { table: tableOfRecords(rows), source: EARLIER } : undefined
}

const sameColumns = (a: Table, b: Table) =>
  a.columns.map(({ name }) => name).join('\0') === b.columns.map(({ name }) => name).join('\0')

async function tableOfAttachments(request: SkillRequest, ports: SkillPorts): Promise<FoundTable | undefined> {
  const certain = request.attachments.filter(({ filename }) => isTabular(filename))
  const candidates =
    certain.length > 0 ? certain : request.attachments.filter(({ filename }) => formatOf(filename) === 'text')
  const [first, ...others] = candidates
  if (!first) return undefined
  const open = async ({ filename }: { filename: string }) =>
    readTable(await ports.files.read(`uploads/${filename}`), filename, request.description)
  const table = await open(first)
  const joined = [first.filename]
  for (const other of others) {
    const next = await open(other).catch((error: unknown) => {
      if (error instanceof SkillError) return undefined // the first one is what is analysed
      throw error
    })
    if (!next || !sameColumns(table, next)) continue
    table.rows.push(...next.rows)
    table.notes.push(...next.notes)
    joined.push(other.filename)
  }
  if (joined.length > 1) table.notes.push(`Rows of ${joined.join(', ')} were put together`)
  const ignored = candidates.length - joined.length
  if (ignored > 0)
    table.notes.push(
      `${ignored} more attached ${ignored === 1 ? 'file was' : 'files were'} left out: other columns than ${first.filename}`,
    )
  return { table, source: joined.join(', ') }
}

/**
 * The table a step works on: a file named in the text, rows or a file in input_data, the last prerequisite with rows, an attachment. Throws
 * INVALID_INPUT when there is none.
 */
export async function findTable(request: SkillRequest, ports: SkillPorts): Promise<FoundTable> {
  const { inputData, overrides, previous, description } = request
  const given = rowsOfJson(inputData['rows'])
  if (given && given.length > 0 && overrides.has('rows'))
    return { table: tableOfRecords(given), source: 'input_data.rows' }
  const [named] = namedSources(request).filter((name) => isTabular(name) || formatOf(name) === 'text')
  if (named) {
    const file = await openNamed(named, request, ports)
    return { table: await readTable(file.bytes, file.name, description), source: file.name }
  }
  if (given && given.length > 0) return { table: tableOfRecords(given), source: 'input_data.rows' }
  const attachedFirst = /\battach(?:ed|ment)/i.test(description)
  const attached = () => tableOfAttachments(request, ports)
  const passed = async () => {
    for (const output of previous.toReversed()) {
      const found = await tableOfPrevious(output, ports)
      if (found) return found
    }
    return undefined
  }
  const found = attachedFirst ? ((await attached()) ?? (await passed())) : ((await passed()) ?? (await attached()))
  if (!found) throw invalid('attach a data file or name one')
  return found
}

/** Whether a step has something tabular to work on, without opening it. */
export const hasTableSource = (request: SkillRequest): boolean =>
  request.attachments.some(({ filename }) => isTabular(filename) || formatOf(filename) === 'text') ||
  namedSources(request).some((name) => isTabular(name)) ||
  Array.isArray(request.inputData['rows']) ||
  request.previous.some(({ data }) => typeof data['rows_file'] === 'string' || rowsOfData(data) !== undefined)
