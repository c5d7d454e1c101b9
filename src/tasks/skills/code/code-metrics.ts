import { paragraph, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import { decodeText } from '../../tables/read-delimited.ts'
import { hasFileSource, openSources } from '../files/file-sources.ts'
import { isCodeName } from '../files/source-kind.ts'
import { namedSources } from '../find-table.ts'
import type { Skill, SkillPorts, SkillRequest } from '../skill.ts'
import { invalid, SkillError } from '../skill-error.ts'
import { languageOf } from './languages.ts'
import { type CodeMetrics, measureCode } from './measure-code.ts'

const ASKS =
  /\b(?:metrics?|complexity|cyclomatic|lines\s+of\s+code|loc|todos?|functions?|review|analy[sz]\w*|measure|inspect|statistics|count|quality|longest)\b/i
const SAYS_CODE =
  /\b(?:code|source|scripts?|program|functions?|python|javascript|typescript|java|rust|golang|module)\b/i
const MAKES = /\b(?:write|generate|create|implement|refactor|translate|fix|rewrite|build|add)\b/i
const MAX_FILES = 1000

type Measured = CodeMetrics & { name: string; language: string }

async function sourcesOf(request: SkillRequest, ports: SkillPorts): Promise<{ name: string; text: string }[]> {
  const texts: { name: string; text: string }[] = []
  for (const { name, bytes, kind } of await openSources(request, ports)) {
    if (kind !== 'zip') {
      texts.push({ name, text: decodeText(bytes) })
      continue
    }
    const { readZip } = await import('../../../kernel/tools/read-zip.ts')
    try {
      for (const entry of readZip(bytes))
        if (!entry.isFolder && isCodeName(entry.name) && texts.length < MAX_FILES)
          texts.push({ name: entry.name, text: decodeText(await entry.read()) })
    } catch (error) {
      throw new SkillError('INVALID_INPUT', `${name}: ${(error as Error).message}`)
    }
  }
  return texts
}

function totalsOf(files: readonly Measured[]): CodeMetrics {
  const sum = (key: 'lines' | 'functions' | 'cyclomatic_complexity' | 'todo_count') =>
    files.reduce((total, file) => total + file[key], 0)
  const longest = files.reduce<CodeMetrics['longest_function']>(
    (best, { longest_function: own }) => (!own || (best && best.lines >= own.lines) ? best : own),
    null,
  )
  return {
    lines: sum('lines'),
    functions: sum('functions'),
    longest_function: longest,
    cyclomatic_complexity: sum('cyclomatic_complexity'),
    todo_count: sum('todo_count'),
  }
}

function confidenceOf(request: SkillRequest): number {
  const { description, capabilities } = request
  if (
    !capabilities.includes('code_generation') &&
    !capabilities.includes('data_analysis') &&
    !capabilities.includes('file_processing')
  )
    return 0
  const isCode =
    request.attachments.some(({ filename }) => isCodeName(filename)) || namedSources(request).some(isCodeName)
  const saysCode = SAYS_CODE.test(description)
  if (MAKES.test(description) || !ASKS.test(description) || !(isCode || saysCode)) return 0
  if (!hasFileSource(request))
    return /\b(?:metrics|complexity|lines\s+of\s+code)\b/i.test(description) && saysCode ? 0.8 : 0
  if (isCode) return 0.93
  return saysCode ? 0.91 : 0
}

/** S8: lines, functions, longest function, complexity and TODOs of source text. Writing new code needs a model. */
export const codeMetrics: Skill = {
  name: 'code_metrics',
  title: 'Code metrics',
  capabilities: ['code_generation', 'data_analysis', 'file_processing'],
  confidence: confidenceOf,

  async run(request, ports) {
    const sources = await sourcesOf(request, ports)
    const files = sources.flatMap(({ name, text }): Measured[] => {
      const language = languageOf(name, text, request.description)
      return language ? [{ name, ...measureCode(text, language), language: language.name }] : []
    })
    if (files.length === 0)
      throw sources.length === 0
        ? invalid('attach source text, for example app.py.txt or a zip')
        : new SkillError(
            'UNSUPPORTED_FORMAT',
            `${sources.map(({ name }) => name).join(', ')} is no source text that is known: name it like app.py.txt`,
          )
    const totals = totalsOf(files)
    const longest = totals.longest_function
      ? `, the longest is ${totals.longest_function.name} with ${totals.longest_function.lines} lines`
      : ''
    const summary = `${files.length} ${files.length === 1 ? 'file' : 'files'} with ${totals.lines} lines and ${totals.functions} functions${longest}; complexity ${totals.cyclomatic_complexity}, ${totals.todo_count} TODO`
    const shown = files.map(({ longest_function, ...file }) => ({
      ...file,
      'longest function': longest_function ? `${longest_function.name} (${longest_function.lines})` : '–',
    }))
    const data: JsonObject = { files, ...totals }
    return { data, summary, result: section('Summary', paragraph(`${summary}.`)) + section('Files', table(shown)) }
  },
}
