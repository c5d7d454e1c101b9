import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'
import { ConfigurationError } from '../core/errors.ts'
import { Findings, type LineOf, type Path } from './problem.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Source = {
  value: unknown
  lineOf: LineOf
  findings: Findings
  /** Values as written, by path text, for those that held a `${NAME}`. */
  references: ReadonlyMap<string, string>
}

const REFERENCE = /\$\{([^}]*)\}/g

/** Plain keys count as their text: `1.0:` is the key "1.0", `true:` the key "true". */
function keysAsText(doc: Document): void {
  visit(doc, {
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value !== 'string') {
        const { source, value } = pair.key as { source?: string; value: unknown }
        pair.key.value = source ?? String(value)
      }
    },
  })
}

/** Line of the key at a path; of the nearest parent key when it is missing. */
function lineIn(doc: Document, lines: LineCounter, path: Path): number | null {
  let node: unknown = doc.contents
  let line: number | null = node ? 1 : null
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(doc)
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === String(part))
      if (!pair) return line
      line = lineOfNode(pair.key as Node, lines) ?? line
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part] as Node | undefined
      if (!item) return line
      line = lineOfNode(item, lines) ?? line
      node = item
    } else return line
  }
  return line
}

const lineOfNode = (node: Node, lines: LineCounter): number | null =>
  node.range ? lines.linePos(node.range[0]).line : null

/** Replaces `${NAME}` in every string, in place; parts of a cycle are visited once. */
function substitute(
  value: unknown,
  path: Path,
  env: Environment,
  findings: Findings,
  references: Map<string, string>,
  seen: Set<object>,
): unknown {
  if (typeof value === 'string') {
    let replaced = false
    const text = value.replace(REFERENCE, (whole, name: string) => {
      const found = env[name]
      if (found === undefined) {
        const remedy = `Set ${name} in the environment or write the value itself.`
        findings.add(path, `text with defined variables`, `"${whole}" and ${name} is not defined`, remedy)
        return whole
      }
      replaced = true
      return found
    })
    if (replaced) references.set(JSON.stringify(path), value)
    return text
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return value
  seen.add(value)
  for (const [key, item] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    const next = substitute(item, at, env, findings, references, seen)
    if (next !== item)
      Object.defineProperty(value, key, { value: next, enumerable: true, writable: true, configurable: true })
  }
  return value
}

/** Reads YAML 1.2, safe types only. Syntax errors become problems with their line. Without an environment `${NAME}` stays. */
export function parseYaml(text: string, env: Environment | null): Source {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, version: '1.2', logLevel: 'silent' })
  const lineOf: LineOf = (path) => lineIn(doc, lines, path)
  const findings = new Findings(lineOf)
  for (const { message, linePos } of [...doc.errors, ...doc.warnings]) {
    const line = linePos?.[0].line ?? null
    const actual = message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
    findings.problems.push({
      path: '',
      line,
      expected: 'YAML 1.2',
      actual,
      remedy: 'Correct the YAML at this line.',
      message: `The file is not usable YAML${line === null ? '' : ` at line ${line}`}: ${actual}`,
    })
  }
  const references = new Map<string, string>()
  if (findings.problems.length > 0) return { value: undefined, lineOf, findings, references }
  keysAsText(doc)
  let value: unknown
  try {
    value = doc.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    findings.add([], 'YAML without excessive aliases', (error as Error).message, 'Write the repeated parts out.')
    return { value: undefined, lineOf, findings, references }
  }
  const replaced = env ? substitute(value, [], env, findings, references, new Set()) : value
  return { value: replaced, lineOf, findings, references }
}

/** YAML text as the map it is, unchecked. Throws ConfigurationError for text that is none. */
export function yamlMap(text: string): Record<string, any> {
  const { value, findings } = parseYaml(text, null)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    findings.add([], 'a map of sections', value === undefined ? 'nothing usable' : typeof value, 'See the quickstart.')
  if (findings.problems.length > 0) throw new ConfigurationError(findings.problems)
  return value as Record<string, any>
}

/** A configuration that comes as an object (HTTP, config.json, programmatic): no lines. */
export function objectSource(given: unknown, env: Environment): Source {
  const findings = new Findings()
  const references = new Map<string, string>()
  const value = substitute(structuredClone(given), [], env, findings, references, new Set())
  return { value, lineOf: () => null, findings, references }
}
