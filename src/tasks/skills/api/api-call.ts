import { code, paragraph, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import { rowsOfJson } from '../../tables/json-rows.ts'
import type { Skill, SkillOutput, SkillRequest } from '../skill.ts'
import { invalid } from '../skill-error.ts'
import { urlsIn } from '../urls.ts'
import { type ApiAnswer, callApi } from './call-api.ts'
import { extractNamed, fieldsAsked } from './extract-named.ts'
import { readPath } from './path-expression.ts'
import { readApiRequest } from './read-request.ts'

const PATH_IN_TEXT =
  /(?<![\w/])((?:\$|[\w-]+(?=[.[]))?(?:\.?[\w-]+|\[(?:\*|\d+|"[^"]*"|'[^']*')\])*\[(?:\*|\d+)\](?:\.?[\w-]+|\[(?:\*|\d+)\])*|\$\.[\w.[\]*-]+)/
const SHOWN_TEXT = 100_000

type Extraction = { extracted: unknown; rows?: JsonObject[] }

/** What the step wants out of the answer: a path of input_data or of the text, or fields by their names. */
function extract(json: unknown, request: SkillRequest): Extraction | undefined {
  const text = request.description.replace(/https?:\/\/\S+/gi, ' ')
  const given = request.inputData['extract']
  const written = /\bextract/i.test(text) ? PATH_IN_TEXT.exec(text)?.[1] : undefined
  const path = request.overrides.has('extract') ? given : (written ?? given)
  if (typeof path === 'string') {
    const extracted = readPath(json, path)
    if (extracted === undefined) throw invalid(`the answer has nothing at ${path}: check the path`)
    const rows = rowsOfJson(extracted)
    return { extracted, ...(rows && rows.length > 0 && { rows }) }
  }
  const fields = fieldsAsked(text)
  if (fields.length === 0) return undefined
  const named = extractNamed(json, fields)
  return named && { extracted: named.extracted, rows: named.rows }
}

const count = (value: unknown): string =>
  Array.isArray(value) ? `${value.length} ${value.length === 1 ? 'value' : 'values'}` : 'a value'

function bodyOf(summary: string, json: unknown, text: string | undefined, extraction: Extraction | undefined): string {
  const shown = extraction ? extraction.extracted : json
  const rows = extraction?.rows ?? (shown === undefined ? undefined : rowsOfJson(shown))
  const content =
    rows && rows.length > 0
      ? table(rows)
      : shown !== undefined
        ? code(JSON.stringify(shown, null, 2).slice(0, SHOWN_TEXT))
        : code((text ?? '').slice(0, SHOWN_TEXT))
  return section('Summary', paragraph(`${summary}.`)) + section(extraction ? 'Extracted' : 'Answer', content)
}

/** "extract …" without an address: on the JSON of a prerequisite. */
function fromPrerequisite(request: SkillRequest): SkillOutput {
  for (const { data } of request.previous.toReversed()) {
    const json = data['json'] ?? data['rows'] ?? data['extracted'] ?? (Object.keys(data).length > 0 ? data : undefined)
    if (json === undefined) continue
    const found = extract(json, request)
    if (!found) continue
    const summary = `Extracted ${count(found.extracted)} from the result before`
    return { data: { ...found }, summary, result: bodyOf(summary, undefined, undefined, found) }
  }
  if (request.previous.length === 0)
    throw invalid(
      'name the address to call, for example https://api.example.com/users, in the step or in input_data.url',
    )
  throw invalid('the result before has none of what is to be extracted: name a path, for example data[*].email')
}

function dataOf(
  { status, json, text, pages }: ApiAnswer,
  isPaged: boolean,
  extraction: Extraction | undefined,
): JsonObject {
  return {
    status,
    ...(json === undefined ? { text: (text ?? '').slice(0, SHOWN_TEXT) } : { json }),
    ...extraction,
    ...(isPaged && { pages }),
  }
}

function confidenceOf(request: SkillRequest): number {
  if (!request.capabilities.includes('api_integration')) return 0
  const only = request.capabilities.length === 1
  const hasUrl = urlsIn(request.description).length > 0 || typeof request.inputData['url'] === 'string'
  if (hasUrl) return only ? 0.9 : 0.5
  const extracts = fieldsAsked(request.description).length > 0 || /\bextract\b/i.test(request.description)
  if (extracts && request.previous.length > 0) return 0.9
  return only ? 0.8 : 0
}

/** S4: HTTP calls with query, headers, body, credentials, pages and extraction. */
export const apiCall: Skill = {
  name: 'api_call',
  title: 'HTTP API calls',
  capabilities: ['api_integration'],
  confidence: confidenceOf,

  async run(request, ports) {
    const call = readApiRequest(request, ports)
    if (!call) return fromPrerequisite(request)
    const answer = await callApi(call, ports)
    const extraction = answer.json === undefined ? undefined : extract(answer.json, request)
    const { origin, pathname } = new URL(call.url)
    const paged = answer.pages > 1 ? `, ${answer.pages} pages` : ''
    const size = Array.isArray(answer.json) ? `, ${answer.json.length} items` : ''
    const found = extraction ? `, extracted ${count(extraction.extracted)}` : ''
    const summary = `${call.method} ${origin}${pathname} answered ${answer.status}${paged}${size}${found}`
    return {
      data: dataOf(answer, call.paginate !== undefined, extraction),
      summary,
      result: bodyOf(summary, answer.json, answer.text, extraction),
    }
  },
}
