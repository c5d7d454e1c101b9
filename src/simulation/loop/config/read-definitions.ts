import type { EngineClass } from '../components/component-class.ts'
import { deepFreeze, isMap, type Json, show } from '../core/json.ts'
import { checkValue } from '../state/check-value.ts'
import { compileDefinitions } from '../state/compile-definition.ts'
import type { Definitions } from '../state/definitions.ts'
import { isNumeric, MAX_ENTRIES, MAX_TEXT, type VariableDefinition } from '../state/variable-definition.ts'
import { readSection } from './fields.ts'
import type { Findings, Path } from './problem.ts'
import { stateVariablesFields } from './sections.ts'
import type { SimulationConfig } from './simulation-config.ts'

const LEGACY = {
  agent_vars: { economic_strength: { type: 'float', min: 0, default: 0 } },
  global_vars: {
    interest_rate: { type: 'float', default: 0.05 },
    total_economic_value: { type: 'float', default: 0 },
    gdp_growth: { type: 'float', default: 0 },
    inflation: { type: 'float', default: 0 },
    unemployment: { type: 'float', default: 0 },
  },
}

type Vars = { agent_vars: unknown; global_vars: unknown }
type Mutable = { agent: Map<string, VariableDefinition>; global: Map<string, VariableDefinition> }

const compileBoth = (vars: Vars, at: Path, findings: Findings): Mutable => ({
  agent: compileDefinitions(vars.agent_vars, [...at, 'agent_vars'], findings),
  global: compileDefinitions(vars.global_vars, [...at, 'global_vars'], findings),
})

/** An unconstrained definition of the type a value has. */
function inferDefinition(value: unknown): VariableDefinition {
  if (typeof value === 'number') return { type: 'float', default: 0, on_violation: 'reject' }
  if (typeof value === 'boolean') return { type: 'bool', default: false }
  if (typeof value === 'string') return { type: 'str', default: '', max_length: MAX_TEXT }
  const anything: VariableDefinition = { type: 'json', default: null }
  if (Array.isArray(value)) return { type: 'list', default: [], item_type: anything, max_length: MAX_ENTRIES }
  if (isMap(value)) return { type: 'dict', default: {}, key_type: 'str', value_type: anything }
  return anything
}

/** Without `state_variables` an unknown initial field becomes a variable; with it the field is a problem. */
function inferUnknown(
  values: Readonly<Record<string, unknown>>,
  at: Path,
  definitions: Map<string, VariableDefinition>,
  isStrict: boolean,
  findings: Findings,
  inferred: Set<string>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const known = definitions.get(name)
    if (known && !inferred.has(name)) continue
    if (known) {
      if (known.type !== inferDefinition(value).type) definitions.set(name, { type: 'json', default: null })
      continue
    }
    const names = [...definitions.keys()].join(', ') || 'none'
    if (isStrict)
      findings.add(
        [...at, name],
        `a defined variable (${names})`,
        'unknown',
        'Define it below state_variables or correct the name.',
      )
    else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === 'name' || name === '__proto__')
      findings.add([...at, name], 'a name of letters, digits and _', show(name), 'Rename the variable.')
    else {
      definitions.set(name, inferDefinition(value))
      inferred.add(name)
    }
  }
}

/** Checks initial values and puts the stored form (objects completed) in their place. */
function checkInitial(
  values: Record<string, any>,
  at: Path,
  definitions: ReadonlyMap<string, VariableDefinition>,
  findings: Findings,
): void {
  for (const [name, value] of Object.entries(values)) {
    const definition = definitions.get(name)
    if (!definition) continue
    const checked = checkValue(definition, value, name)
    if (checked.problem) {
      const { path, expected, actual } = checked.problem
      findings.add([...at, ...splitPath(path)], expected, actual, 'Correct the initial value.')
    } else values[name] = deepFreeze(checked.value as Json)
  }
}

const splitPath = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? key! : Number(index)))

/** The variables of a run, from engine and configuration; initial values checked against them. */
export function readDefinitions(config: SimulationConfig, engine: EngineClass, findings: Findings): Definitions {
  const before = findings.problems.length
  const given = config.state_variables
  const definitions: Mutable = { agent: new Map(), global: new Map() }
  const add = (more: Mutable) => {
    for (const [name, definition] of more.agent) definitions.agent.set(name, definition)
    for (const [name, definition] of more.global) definitions.global.set(name, definition)
  }
  if (engine.variables) add(compileBoth(engine.variables, ['engine', 'variables'], findings))
  if (given)
    add(
      compileBoth(
        readSection(given, ['state_variables'], stateVariablesFields, findings) as Vars,
        ['state_variables'],
        findings,
      ),
    )
  else if (!engine.variables) {
    add(compileBoth(LEGACY, ['state_variables'], findings))
    findings.warn(
      'legacy_variables',
      [],
      'No state_variables: the legacy variables economic_strength, interest_rate, … are used',
    )
  }
  if (findings.problems.length > before) return definitions
  needVariables(engine, definitions, findings)
  const inferred = { agent: new Set<string>(), global: new Set<string>() }
  config.agents.forEach((agent, i) => {
    inferUnknown(
      agent.initial_state,
      ['agents', i, 'initial_state'],
      definitions.agent,
      given !== null,
      findings,
      inferred.agent,
    )
  })
  inferUnknown(config.global_state, ['global_state'], definitions.global, given !== null, findings, inferred.global)
  config.agents.forEach((agent, i) => {
    checkInitial(agent.initial_state, ['agents', i, 'initial_state'], definitions.agent, findings)
  })
  checkInitial(config.global_state, ['global_state'], definitions.global, findings)
  return definitions
}

function needVariables(engine: EngineClass, definitions: Definitions, findings: Findings): void {
  for (const scope of ['agent', 'global'] as const)
    for (const name of engine.requiredVariables?.[scope] ?? [])
      if (!definitions[scope].has(name))
        findings.add(
          ['state_variables', `${scope}_vars`, name],
          'defined: the engine works on it',
          'missing',
          `Define ${name}.`,
        )
}

/** Fills in and checks the variable that `termination` watches. */
export function readTermination(
  config: SimulationConfig,
  engine: EngineClass,
  definitions: Definitions,
  findings: Findings,
): void {
  const { termination } = config.simulation
  const { scope } = termination
  const numeric = [...definitions[scope]].filter(([, definition]) => isNumeric(definition)).map(([name]) => name)
  if (termination.variable !== null) {
    if (!numeric.includes(termination.variable))
      findings.add(
        ['simulation', 'termination', 'variable'],
        `a numeric ${scope} variable (${numeric.join(', ') || 'none'})`,
        show(termination.variable),
        'Correct the name or the scope.',
      )
    return
  }
  if (termination.min_value === null && termination.max_value === null) return
  const primary = engine.primaryVariable?.[scope] ?? numeric[0]
  if (primary !== undefined && numeric.includes(primary)) termination.variable = primary
  else
    findings.add(
      ['simulation', 'termination', 'variable'],
      `a numeric ${scope} variable`,
      'missing',
      'Name the variable to watch.',
    )
}
