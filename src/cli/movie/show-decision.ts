import type { PendingDecision } from '../../movies/schema.ts'

const WIDTH = 96
const words = (text: string) => text.replaceAll('_', ' ')

/** Breaks at words; every line begins with `indent`. */
export function wrap(text: string, indent = '  '): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      if (line && line.length + word.length + 1 > WIDTH - indent.length) {
        lines.push(line)
        line = word
      } else line = line ? `${line} ${word}` : word
    }
    lines.push(line)
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n')
}

const HIDDEN = new Set(['validation_notes', 'continuity_flags', 'scene_number', 'frame_id', 'prompt_seed', 'checksum'])

/** An artifact in lines a person can judge: `name: value`, lists as dashes, nothing of the machinery. */
export function readable(value: unknown, depth = 0): string[] {
  const pad = '  '.repeat(depth)
  if (value === null || value === undefined || value === '') return []
  if (Array.isArray(value)) return value.slice(0, 8).flatMap((item) => listItem(item, depth))
  if (typeof value !== 'object') return [`${pad}${String(value)}`]
  return Object.entries(value).flatMap(([key, inner]) => {
    if (HIDDEN.has(key) || /_(url|id|at)$/.test(key)) return []
    if (Array.isArray(inner) && inner.length > 0 && inner.every((item) => typeof item !== 'object'))
      return [`${pad}${words(key)}: ${inner.join(' · ')}`]
    if (typeof inner !== 'object') return inner === '' ? [] : [`${pad}${words(key)}: ${String(inner)}`]
    const lines = readable(inner, depth + 1)
    return lines.length > 0 ? [`${pad}${words(key)}:`, ...lines] : []
  })
}

function listItem(item: unknown, depth: number): string[] {
  const [first, ...rest] = readable(item, depth + 1)
  return first === undefined ? [] : [`${'  '.repeat(depth)}- ${first.trimStart()}`, ...rest]
}

/** The question with its evidence and numbered options. */
export function showDecision(decision: PendingDecision): string {
  const artifacts = decision.context['artifacts']
  const evidence =
    typeof artifacts === 'object' && artifacts !== null
      ? Object.entries(artifacts).flatMap(([name, content]) => [
          '',
          `  ${words(name)}`,
          ...readable(content, 0)
            .slice(0, 40)
            .map((line) => wrap(line.trimStart(), `    ${/^ */.exec(line)![0]}`)),
        ])
      : []
  const options = decision.options.map((option, i) => `  ${i + 1}  ${words(option)}`)
  return ['', `? ${decision.prompt}`, ...evidence, '', ...options].join('\n')
}

/** A number, or the option itself in its own or in plain words; undefined when it is none of them. */
export function optionOf(options: readonly string[], answer: string): string | undefined {
  const said = answer.trim().toLowerCase()
  if (said === '') return options[0]
  if (/^\d+$/.test(said)) return options[Number(said) - 1]
  return options.find((option) => option === said || words(option) === said)
}
