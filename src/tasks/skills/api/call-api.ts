import { parseJsonText } from '../../tables/json-rows.ts'
import type { HttpAnswer, SkillPorts } from '../skill.ts'
import { SkillError } from '../skill-error.ts'
import { readPath } from './path-expression.ts'
import type { ApiRequest, Pagination } from './read-request.ts'

const MAX_PAGES = 20
const TIMEOUT_MS = 30_000
const MAX_BYTES = 10 * 1024 * 1024
const RETRIES = 2
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const SHOWN_BODY = 300

/** What a call needs of an agent, or of the server that makes it for one. */
export type ApiPorts = Pick<SkillPorts, 'http' | 'now' | 'sleep' | 'progress'>
export type ApiAnswer = { status: number; json: unknown; text: string | undefined; pages: number }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Seconds or a date; undefined when there is no usable header. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** One page, asked again twice after 429 and 5xx. Throws NETWORK_ERROR with status and the start of the body. */
async function ask(url: string, request: ApiRequest, ports: ApiPorts): Promise<HttpAnswer> {
  const isSameOrigin = new URL(url).origin === new URL(request.url).origin
  // A next link to another host must not carry the credentials of this one.
  const headers = isSameOrigin ? request.headers : { accept: request.headers['accept']! }
  for (let attempt = 0; ; attempt++) {
    const answer = await ports.http(url, {
      method: request.method,
      headers,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      ...(request.body !== undefined && isSameOrigin && { body: request.body }),
    })
    if (answer.status < 400) return answer
    const isTransient = answer.status === 429 || answer.status >= 500
    if (!isTransient || attempt >= RETRIES) {
      const body = new TextDecoder().decode(answer.body).replace(/\s+/g, ' ').trim().slice(0, SHOWN_BODY)
      throw new SkillError(
        'NETWORK_ERROR',
        `${request.method} ${hide(url, request.secrets)} answered HTTP ${answer.status}${body ? `: ${hide(body, request.secrets)}` : ''}`,
      )
    }
    const pause = retryAfterMs(answer.headers['retry-after'], ports.now().getTime()) ?? FIRST_PAUSE_MS * 2 ** attempt
    await ports.sleep(Math.min(LONGEST_PAUSE_MS, pause))
  }
}

/** The text without secret values. */
export const hide = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***'), text)

function readBody(
  { body, headers }: HttpAnswer,
  secrets: readonly string[],
): { json: unknown; text: string | undefined } {
  const text = hide(new TextDecoder().decode(body), secrets)
  const looksLikeJson = /json/i.test(headers['content-type'] ?? '') || /^\s*[[{]/.test(text)
  if (looksLikeJson && text.trim() !== '')
    try {
      return { json: parseJsonText(text), text: undefined }
    } catch {
      // said to be JSON and is not: handed on as text
    }
  return { json: undefined, text }
}

function nextLink(header: string | undefined): string | undefined {
  for (const part of header?.split(/,(?=\s*<)/) ?? []) {
    const match = /^\s*<([^>]+)>(.*)$/s.exec(part)
    if (match && /;\s*rel\s*=\s*"?[^"]*\bnext\b/i.test(match[2]!)) return match[1]
  }
  return undefined
}

function nextUrl(
  answer: HttpAnswer,
  json: unknown,
  pagination: Pagination,
  current: string,
  page: number,
): string | undefined {
  const resolve = (link: unknown) =>
    typeof link === 'string' && link !== '' ? URL.parse(link, current)?.href : undefined
  switch (pagination.type) {
    case 'link':
      return resolve(nextLink(answer.headers['link']))
    case 'next':
      return resolve(readPath(json, pagination.path))
    case 'auto':
      return resolve(nextLink(answer.headers['link'])) ?? resolve(isRecord(json) ? json['next'] : undefined)
    case 'page': {
      if ((listOf(json)?.length ?? 0) === 0) return undefined
      const url = new URL(current)
      url.searchParams.set(pagination.param, String(pagination.start + page))
      return url.href
    }
  }
}

/** The list of a page: the answer itself, or the first list inside an object. */
function listOf(json: unknown): unknown[] | undefined {
  if (Array.isArray(json)) return json
  return isRecord(json) ? (Object.values(json).find(Array.isArray) as unknown[] | undefined) : undefined
}

/** Lists of all pages as one; of objects the first list is joined and the other fields stay those of page 1. */
function joinPages(pages: readonly unknown[]): unknown {
  const [first] = pages
  const joined = pages.flatMap((page) => listOf(page) ?? [])
  if (Array.isArray(first)) return joined
  if (!isRecord(first)) return first
  const key = Object.keys(first).find((name) => Array.isArray(first[name]))
  return key === undefined ? first : { ...first, [key]: joined }
}

/** Carries out a call, page after page where asked. Answers never contain secret values. */
export async function callApi(request: ApiRequest, ports: ApiPorts): Promise<ApiAnswer> {
  const { paginate, secrets } = request
  let url: string | undefined = request.url
  if (paginate?.type === 'page') {
    const start = new URL(url)
    if (!start.searchParams.has(paginate.param)) start.searchParams.set(paginate.param, String(paginate.start))
    url = start.href
  }
  const pages: unknown[] = []
  const seen = new Set<string>()
  let answer: HttpAnswer | undefined
  let last: { json: unknown; text: string | undefined } = { json: undefined, text: undefined }
  while (url !== undefined && !seen.has(url) && seen.size < MAX_PAGES) {
    seen.add(url)
    answer = await ask(url, request, ports)
    last = readBody(answer, secrets)
    const isEmptyPage = paginate?.type === 'page' && pages.length > 0 && (listOf(last.json)?.length ?? 0) === 0
    if (!isEmptyPage) pages.push(last.json)
    if (!paginate || last.json === undefined || isEmptyPage) break
    ports.progress(`Read page ${pages.length}`)
    url = nextUrl(answer, last.json, paginate, url, pages.length)
  }
  const json = paginate && pages.length > 1 ? joinPages(pages) : pages[0]
  return { status: answer!.status, json, text: json === undefined ? last.text : undefined, pages: pages.length }
}
