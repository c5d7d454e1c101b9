import { readSection } from '../config/fields.ts'
import type { Findings, Path } from '../config/problem.ts'
import { defaultLevelFields, OBSERVATION_LEVELS, observabilityFields, visibilityFields } from '../config/sections.ts'
import { show } from '../core/json.ts'
import type { Definitions } from '../state/definitions.ts'

export type ObservationLevel = (typeof OBSERVATION_LEVELS)[number]
export type Relation = { readonly level: ObservationLevel; readonly noise: number }

/** Who sees what of whom. */
export type Visibility = {
  readonly relation: (observer: string, target: string) => Relation
  readonly isExternal: (variable: string) => boolean
}

const SELF: Relation = { level: 'insider', noise: 0 }
/** The target that stands for the global variables. */
export const GLOBAL = 'global'

type Known = { agents: readonly string[]; definitions: Definitions }

function readEntry(raw: unknown, at: Path, known: Known, findings: Findings): [string, string, Relation] | undefined {
  if (!Array.isArray(raw) || raw.length !== 4) {
    findings.add(at, 'a list [observer, target, level, noise]', show(raw), 'Give exactly four values.')
    return undefined
  }
  const [observer, target, level, noise] = raw
  const names = known.agents.join(', ')
  const before = findings.problems.length
  if (!known.agents.includes(observer))
    findings.add([...at, 0], `an agent (${names})`, show(observer), 'Correct the observer.')
  if (target !== GLOBAL && !known.agents.includes(target))
    findings.add([...at, 1], `an agent (${names}) or global`, show(target), 'Correct the target.')
  if (!OBSERVATION_LEVELS.includes(level))
    findings.add([...at, 2], `one of ${OBSERVATION_LEVELS.join(', ')}`, show(level), 'Correct the level.')
  if (noise !== null && !(typeof noise === 'number' && Number.isFinite(noise) && noise >= 0))
    findings.add([...at, 3], 'a number of at least 0, or null', show(noise), 'Correct the noise.')
  if (observer === target && (level !== 'insider' || (noise ?? 0) !== 0))
    findings.add(
      at,
      'insider with noise 0 for the agent itself',
      show(raw),
      'Remove the entry: an agent always sees itself.',
    )
  return findings.problems.length > before ? undefined : [observer, target, { level, noise: noise ?? 0 }]
}

function readMatrix(raw: readonly unknown[], at: Path, known: Known, findings: Findings) {
  const matrix = new Map<string, Map<string, Relation>>()
  raw.forEach((item, i) => {
    const entry = readEntry(item, [...at, i], known, findings)
    if (!entry) return
    const [observer, target, relation] = entry
    const row = matrix.get(observer) ?? new Map<string, Relation>()
    if (row.has(target))
      findings.add([...at, i], 'one entry for each pair', `${observer} → ${target} again`, 'Remove one of them.')
    matrix.set(observer, row.set(target, relation))
  })
  return matrix
}

function readVariables(
  section: Record<string, any>,
  at: Path,
  known: Known,
  findings: Findings,
): (variable: string) => boolean {
  const { external, internal, unlisted } = readSection(
    section['variable_visibility'] ?? {},
    at,
    visibilityFields,
    findings,
  )
  const { agent, global } = known.definitions
  const names = [...new Set([...agent.keys(), ...global.keys()])]
  for (const [key, list] of [
    ['external', external],
    ['internal', internal],
  ] as [string, string[] | undefined][])
    list?.forEach((name, i) => {
      if (!names.includes(name))
        findings.add([...at, key, i], `a variable (${names.join(', ')})`, show(name), 'Correct the name.')
    })
  const hidden = new Set<string>(internal ?? [])
  for (const name of external ?? [])
    if (hidden.has(name)) findings.add([...at, 'external'], 'apart from internal', `${name} in both`, 'List it once.')
  const shown = new Set<string>(external ?? [])
  return (variable) => (unlisted === 'internal' ? shown.has(variable) : !hidden.has(variable))
}

/** Reads and checks section `observability`. Undefined when it is absent or off: every agent sees everything. */
export function compileVisibility(raw: unknown, known: Known, findings: Findings) {
  const at: Path = ['observability']
  const section = readSection(raw, at, observabilityFields, findings)
  const isExternal = readVariables(section, [...at, 'variable_visibility'], known, findings)
  const fallback = readSection(section['default'], [...at, 'default'], defaultLevelFields, findings)
  const matrix = readMatrix(section['matrix'] ?? [], [...at, 'matrix'], known, findings)
  const otherwise: Relation = { level: fallback['level'], noise: fallback['noise'] ?? 0 }
  const visibility: Visibility = {
    relation: (observer, target) => (observer === target ? SELF : (matrix.get(observer)?.get(target) ?? otherwise)),
    isExternal,
  }
  return {
    section: { ...section, default: otherwise },
    visibility: section['enabled'] === true ? visibility : undefined,
  }
}
