import { code, table as htmlTable, list, paragraph, section } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import { readTable } from '../../tables/read-table.ts'
import type { Row } from '../../tables/table.ts'
import { TABLE_FORMATS, type TableFormat, writeTable } from '../../tables/write-table.ts'
import { findTable, rowsOfData } from '../find-table.ts'
import { passRows } from '../pass-rows.ts'
import type { Skill, SkillOutput, SkillPorts, SkillRequest } from '../skill.ts'
import { invalid, SkillError } from '../skill-error.ts'
import { convert, EXTENSIONS, supportedPairs, type Target } from './convert.ts'
import { hasFileSource, openSources, type Source, stemOf, worksOnData } from './file-sources.ts'
import { readImageMetadata } from './image-metadata.ts'
import { type FileTask, readFileTask } from './read-file-task.ts'
import { textStatistics } from './text-statistics.ts'
import { toText } from './to-text.ts'

const DEFAULT_SPLIT = 1000
const MAX_PARTS = 1000
const SHOWN_TEXT = 100_000
const MAX_FILE = 50 * 1024 * 1024

type Work = { request: SkillRequest; ports: SkillPorts }

async function write({ ports }: Work, name: string, content: Uint8Array | string): Promise<string> {
  const path = await ports.files.reserve(name)
  await ports.files.write(path, content)
  return path
}

const page = (summary: string, ...parts: string[]): string =>
  section('Summary', paragraph(`${summary}.`)) + parts.join('')
const filesPart = (files: readonly string[]): string => (files.length > 0 ? section('Files', list(files)) : '')

async function convertFiles(
  work: Work,
  { target, name }: Extract<FileTask, { kind: 'convert' }>,
): Promise<SkillOutput> {
  const sources = await openSources(work.request, work.ports)
  const files: string[] = []
  let records = 0
  let text: string | undefined
  for (const source of sources) {
    const converted = await convert(source, target, work.request.description)
    records += converted.records
    text ??= converted.text
    const fileName = sources.length === 1 && name ? name : `${stemOf(source.name)}.${EXTENSIONS[target]}`
    files.push(await write(work, fileName, converted.content))
  }
  const what = sources.map((source) => source.name).join(', ')
  const summary = `Converted ${what} to ${target} (${records} ${records === 1 ? 'record' : 'records'})`
  const data: JsonObject = {
    output_file: files[0],
    ...(files.length > 1 && { output_files: files }),
    records,
    ...(text !== undefined && target !== 'html' && { text: text.slice(0, SHOWN_TEXT) }),
  }
  return {
    data,
    summary,
    files,
    result: page(
      summary,
      filesPart(files),
      text === undefined ? '' : section('Content', code(text.slice(0, SHOWN_TEXT))),
    ),
  }
}

/** Data of prerequisites into a file: their rows, or everything they found. */
async function saveData(work: Work, target: Target, name: string | undefined): Promise<SkillOutput> {
  const { request, ports } = work
  const hasRows = request.previous.some(({ data }) => rowsOfData(data) !== undefined)
  const merged: Row = Object.assign({}, ...request.previous.map(({ data }) => data)) as Row
  const rows: Row[] = hasRows
    ? (await findTable({ ...request, attachments: [], description: '' }, ports)).table.rows
    : [merged]
  const wantsTable = (TABLE_FORMATS as readonly string[]).includes(target)
  if (!wantsTable)
    throw new SkillError('UNSUPPORTED_FORMAT', `results are saved as ${TABLE_FORMATS.join(', ')}, not as ${target}`)
  const format: TableFormat =
    hasRows && name === undefined && !/\bjson\b/i.test(request.description) && target === 'json'
      ? 'csv'
      : (target as TableFormat)
  const content =
    !hasRows && format === 'json' ? `${JSON.stringify(merged, null, 2)}\n` : await writeTable(rows, format)
  const file = await write(work, name ?? `result.${EXTENSIONS[format]}`, content)
  const summary = `Saved ${rows.length} ${rows.length === 1 ? 'record' : 'records'} to ${file}`
  return {
    data: { output_file: file, records: rows.length },
    summary,
    files: [file],
    result: page(summary, section('Records', htmlTable(rows.slice(0, 20)))),
  }
}

async function archives(work: Work): Promise<Source[]> {
  const sources = (await openSources(work.request, work.ports)).filter(({ kind }) => kind === 'zip')
  if (sources.length === 0)
    throw new SkillError('UNSUPPORTED_FORMAT', 'there is no zip archive among the files: other archives are not opened')
  return sources
}

async function openZip(source: Source) {
  const { readZip } = await import('../../../kernel/tools/read-zip.ts')
  try {
    return readZip(source.bytes)
  } catch (error) {
    const { code: reason, message } = error as { code?: string; message: string }
    throw new SkillError(
      reason === 'PATH_NOT_ALLOWED' ? 'PATH_NOT_ALLOWED' : 'INVALID_INPUT',
      `${source.name}: ${message}`,
    )
  }
}

async function listZip(work: Work): Promise<SkillOutput> {
  const entries: JsonObject[] = []
  for (const source of await archives(work))
    for (const { name, size, compressedSize, isFolder } of await openZip(source))
      if (!isFolder) entries.push({ name, size, compressed_size: compressedSize })
  const summary = `The archive has ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
  return {
    data: { entries, records: entries.length },
    summary,
    result: page(summary, section('Entries', htmlTable(entries))),
  }
}

async function extractZip(work: Work): Promise<SkillOutput> {
  const files: string[] = []
  for (const source of await archives(work)) {
    const entries = (await openZip(source)).filter(({ isFolder }) => !isFolder)
    const large = entries.find(({ size }) => size > MAX_FILE)
    if (large) throw new SkillError('INVALID_INPUT', `${large.name} in ${source.name} is larger than 50 MB`)
    for (const [at, entry] of entries.entries()) {
      work.ports.progress(`Unpacking ${entry.name}`, Math.round((at / entries.length) * 100))
      const path = `output/${stemOf(source.name)}/${entry.name}`
      const content = await entry.read().catch((error: Error) => {
        throw new SkillError('INVALID_INPUT', `${source.name}: ${error.message}`)
      })
      await work.ports.files.write(path, content)
      files.push(path)
    }
  }
  const summary = `Extracted ${files.length} ${files.length === 1 ? 'file' : 'files'}`
  return { data: { files, records: files.length }, summary, files, result: page(summary, filesPart(files)) }
}

async function createZip(work: Work, name: string | undefined): Promise<SkillOutput> {
  const sources = await openSources(work.request, work.ports)
  const { zipSync } = await import('fflate')
  const content: Record<string, Uint8Array> = {}
  for (const source of sources) {
    const taken = Object.keys(content)
    let entry = source.name
    for (let n = 1; taken.includes(entry); n++) entry = source.name.replace(/(\.[^.]*)?$/, `_${n}$1`)
    content[entry] = source.bytes
  }
  // A fixed time, so that the same files give the same archive.
  const archive = zipSync(content, { mtime: new Date(2000, 0, 1), level: 6 })
  const file = await write(work, name ?? 'archive.zip', archive)
  const summary = `Packed ${sources.length} ${sources.length === 1 ? 'file' : 'files'} into ${file}`
  return {
    data: { output_file: file, records: sources.length },
    summary,
    files: [file],
    result: page(summary, list(Object.keys(content))),
  }
}

const TABLE_KINDS = ['csv', 'tsv', 'json', 'xlsx', 'yaml', 'xml', 'text']

async function mergeTables(work: Work): Promise<SkillOutput> {
  const sources = (await openSources(work.request, work.ports)).filter(({ kind }) => TABLE_KINDS.includes(kind))
  if (sources.length < 2) throw invalid('merging needs at least two tables: attach them or name them')
  const tables = await Promise.all(sources.map((source) => readTable(source.bytes, source.name)))
  const rows = tables.flatMap((table) => table.rows)
  const file = await write(work, 'merged.csv', await writeTable(rows, 'csv'))
  const passed = await passRows(rows, work.request.subtaskId, work.ports)
  const summary = `Merged ${sources.map(({ name }) => name).join(', ')} into ${rows.length} rows`
  return {
    data: { output_file: file, records: rows.length, ...passed },
    summary,
    files: [file],
    result: page(summary, section('First rows', htmlTable(rows.slice(0, 20))), filesPart([file])),
  }
}

async function splitTable(work: Work, task: Extract<FileTask, { kind: 'split' }>): Promise<SkillOutput> {
  const { table, source } = await findTable(work.request, work.ports)
  const total = table.rows.length
  const size = task.rows ?? (task.parts ? Math.ceil(total / task.parts) : DEFAULT_SPLIT)
  if (size < 1) throw invalid('a part needs at least one row')
  const count = Math.ceil(total / size)
  if (count > MAX_PARTS) throw invalid(`this gives ${count} files, at most ${MAX_PARTS} are written: use larger parts`)
  const files: string[] = []
  for (let n = 0; n < count; n++)
    files.push(
      await write(
        work,
        `${stemOf(source)}_part_${n + 1}.csv`,
        await writeTable(table.rows.slice(n * size, (n + 1) * size), 'csv'),
      ),
    )
  const summary = `Split ${total} rows of ${source} into ${count} ${count === 1 ? 'file' : 'files'} of at most ${size} rows`
  return { data: { output_files: files, records: total }, summary, files, result: page(summary, filesPart(files)) }
}

async function describeImages(work: Work): Promise<SkillOutput> {
  const images = (await openSources(work.request, work.ports)).filter(({ kind }) => kind === 'image')
  if (images.length === 0)
    throw new SkillError(
      'UNSUPPORTED_FORMAT',
      'there is no picture among the files: PNG, JPEG, GIF, BMP, WebP and SVG are read',
    )
  const found = images.map(({ name, bytes }) => {
    const metadata = readImageMetadata(bytes)
    if (!metadata) throw new SkillError('INVALID_INPUT', `${name} is no readable picture`)
    return { name, ...metadata, size: bytes.length }
  })
  const { name, ...first } = found[0]!
  const summary = found
    .map((image) => `${image.name} is a ${image.format} of ${image.width} × ${image.height}`)
    .join('; ')
  return {
    data: { ...first, ...(found.length > 1 && { images: found }) },
    summary,
    result: page(summary, section('Pictures', htmlTable(found))),
  }
}

/** Figures of texts; with `withText` also what they say. */
export async function describeTexts(sources: readonly Source[], withText: boolean): Promise<SkillOutput> {
  const texts = await Promise.all(
    sources.map(async ({ kind, bytes, name }) => ({ name, text: await toText(kind, bytes, name) })),
  )
  const found = texts.map(({ name, text }) => ({ name, ...textStatistics(text) }))
  const all = texts.map(({ text }) => text).join('\n')
  const totals =
    found.length === 1
      ? found[0]!
      : {
          name: 'all',
          ...Object.fromEntries(
            (['lines', 'words', 'characters', 'sentences', 'paragraphs'] as const).map((key) => [
              key,
              found.reduce((sum, item) => sum + item[key], 0),
            ]),
          ),
        }
  const { name: _, ...figures } = totals
  const summary = found
    .map((item) => `${item.name}: ${item.lines} lines, ${item.words} words, ${item.characters} characters`)
    .join('; ')
  return {
    data: {
      ...figures,
      ...(withText && { text: all.slice(0, SHOWN_TEXT) }),
      ...(found.length > 1 && { files: found }),
    },
    summary,
    result: page(
      summary,
      section('Figures', htmlTable(found)),
      withText ? section('Text', code(all.slice(0, SHOWN_TEXT))) : '',
    ),
  }
}

const TEXT_KINDS = ['text', 'markdown', 'html', 'pdf', 'docx', 'csv', 'tsv', 'json', 'yaml', 'xml']

async function readTexts(work: Work, withText: boolean): Promise<SkillOutput> {
  const sources = await openSources(work.request, work.ports)
  const readable = sources.filter(
    ({ kind, bytes }) => TEXT_KINDS.includes(kind) || (kind === 'unknown' && !bytes.subarray(0, 1024).includes(0)),
  )
  if (readable.length === 0)
    throw new SkillError(
      'UNSUPPORTED_FORMAT',
      `${sources.map(({ name }) => name).join(', ')} cannot be read as text: supported are text, Markdown, HTML, PDF, DOCX and tables`,
    )
  return describeTexts(readable, withText)
}

/** Figures of attachments that are texts or documents; undefined when none is. */
export async function describeAttachedTexts(
  request: SkillRequest,
  ports: SkillPorts,
): Promise<SkillOutput | undefined> {
  const sources = await openSources({ ...request, description: '', inputData: {} }, ports)
  const readable = sources.filter(({ kind }) => TEXT_KINDS.includes(kind))
  return readable.length > 0 ? describeTexts(readable, true) : undefined
}

function confidenceOf(request: SkillRequest): number {
  const task = readFileTask(request.description)
  if (!task || !request.capabilities.includes('file_processing')) return 0
  const only = request.capabilities.length === 1
  const hasSource = hasFileSource(request) || Array.isArray(request.inputData['rows'])
  const hasData = request.previous.length > 0
  if (task.kind === 'convert') return hasSource || hasData ? 0.96 : only ? 0.82 : 0
  if (task.kind === 'save') return hasData ? 0.88 : 0
  if (task.kind === 'read') return hasSource ? 0.82 : only && !hasData ? 0.81 : 0
  return hasSource || hasData ? 0.95 : only ? 0.82 : 0
}

/** S5: conversion of tables and documents, zip archives, text figures, merging, splitting, picture sizes. */
export const fileConversion: Skill = {
  name: 'file_conversion',
  title: 'File conversion',
  capabilities: ['file_processing'],
  confidence: confidenceOf,

  async run(request, ports) {
    const work: Work = { request, ports }
    const task = readFileTask(request.description)
    if (!task) throw invalid(`say what is to be done with the file; conversions are ${supportedPairs()}`)
    switch (task.kind) {
      case 'convert':
        return worksOnData(task, request) ? saveData(work, task.target, task.name) : convertFiles(work, task)
      case 'save':
        return saveData(work, task.target, task.name)
      case 'zip-list':
        return listZip(work)
      case 'zip-extract':
        return extractZip(work)
      case 'zip-create':
        return createZip(work, task.name)
      case 'merge':
        return mergeTables(work)
      case 'split':
        return splitTable(work, task)
      case 'image':
        return describeImages(work)
      case 'statistics':
        return readTexts(work, false)
      case 'read':
        return readTexts(work, true)
    }
  },
}
