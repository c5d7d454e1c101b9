import { SkillError } from '../skills/skill-error.ts'
import { rowsOfJson } from './json-rows.ts'
import { isCode } from './parse-cell.ts'
import type { Row } from './table.ts'
import { typeTexts } from './type-columns.ts'

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** XML -> nested values, all texts. Own entities and document types are refused: they can reach files and grow without end. */
export async function parseXml(text: string): Promise<unknown> {
  if (/<!DOCTYPE|<!ENTITY/i.test(text))
    throw new SkillError(
      'INVALID_INPUT',
      'the XML declares a document type or entities, which is refused: remove the declaration',
    )
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  const valid = XMLValidator.validate(text)
  if (valid !== true)
    throw new SkillError('INVALID_INPUT', `the XML is not well-formed (line ${valid.err.line}): ${valid.err.msg}`)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: 'text',
    trimValues: true,
  })
  return parser.parse(text)
}

/** The records of an XML document: the first element that occurs several times, else the children of the root. */
export function rowsOfXml(document: unknown): Row[] {
  const find = (value: unknown, depth: number): unknown[] | undefined => {
    if (!isRecord(value) || depth === 0) return undefined
    const children = Object.values(value)
    const repeated = children.find((child) => Array.isArray(child) && child.some(isRecord))
    if (repeated) return repeated as unknown[]
    for (const child of children) {
      const found = find(child, depth - 1)
      if (found) return found
    }
    return undefined
  }
  const repeated = find(document, 6)
  if (repeated) return typeRecords(repeated.map((item) => (isRecord(item) ? item : { value: item })))
  // One record only: the innermost object that holds plain values.
  let node: unknown = document
  while (isRecord(node)) {
    const inner = Object.values(node)
    if (inner.length === 1 && isRecord(inner[0])) node = inner[0]
    else if (inner.length === 1 && Array.isArray(inner[0])) return typeRecords(inner[0].map((value) => ({ value })))
    else break
  }
  return isRecord(node) ? typeRecords([node]) : []
}

/** Records whose values are texts get typed column by column. */
function typeRecords(records: readonly Row[]): Row[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const result: Row[] = records.map((record) => ({ ...record }))
  for (const name of names) {
    const values = records.map((record) => record[name])
    if (values.some((value) => value !== undefined && typeof value !== 'string')) continue
    const typed = typeTexts(
      [name],
      values.map((value) => [(value as string | undefined) ?? '']),
    )
    for (const [at, record] of result.entries()) record[name] = typed.rows[at]![name] ?? null
  }
  return result.map((record) => Object.fromEntries(names.map((name) => [name, record[name] ?? null])))
}

/** YAML -> values. Unquoted numbers with leading zeros or too many digits stay text. Aliases are limited. */
export async function parseYaml(text: string): Promise<unknown> {
  const { isScalar, parseDocument, visit } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: true })
  const problem = document.errors[0]
  if (problem) throw new SkillError('INVALID_INPUT', `the YAML cannot be read: ${problem.message.split('\n')[0]}`)
  visit(document, (_, node) => {
    if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined && isCode(node.source))
      node.value = node.source
  })
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new SkillError('INVALID_INPUT', `the YAML cannot be read: ${(error as Error).message}`)
  }
}

export async function readMarkup(text: string, format: 'xml' | 'yaml'): Promise<Row[]> {
  if (format === 'xml') return rowsOfXml(await parseXml(text))
  const value = await parseYaml(text)
  return rowsOfJson(value) ?? (isRecord(value) ? [value] : [])
}
