import fs from 'node:fs'
import path from 'node:path'
import type { AgentClass, ComponentKind, EngineClass, ValidatorClass } from '../components/component-class.ts'
import { ComponentLibrary, type Registry } from '../components/discover.ts'
import {
  CircularSchemaError,
  ComponentNotFoundError,
  ConfigurationError,
  DepthLimitError,
  messageOf,
} from '../core/errors.ts'
import { isMap, show } from '../core/json.ts'
import { compileVisibility, type Visibility } from '../observe/visibility.ts'
import { buildMap, locationNames, placeAgents } from '../spatial/build-map.ts'
import type { Definitions } from '../state/definitions.ts'
import type { SpatialState } from '../state/state.ts'
import { readSection } from './fields.ts'
import { type Findings, type Path, type Problem, pathText, type Warning } from './problem.ts'
import { readDefinitions, readTermination } from './read-definitions.ts'
import { readSections } from './read-sections.ts'
import { spatialFields } from './sections.ts'
import type { SimulationConfig } from './simulation-config.ts'
import { type Environment, objectSource, parseYaml, type Source } from './yaml-source.ts'

/** A value that wins over the file, and the option it came from. */
export type Override = { path: readonly [string, ...string[]]; value: unknown; option: string }

export type LoadOptions = {
  /** Names `${NAME}` may use. */
  env?: Environment
  overrides?: readonly Override[]
  /** Folder that holds `implementations/`. */
  implementationsRoot?: string
  registry?: Registry
  /** Where relative paths inside the configuration start. */
  baseDir?: string
  /** Folder that map files must lie in (served runs). */
  filesWithin?: string
  /** Highest value per path (served runs). */
  limits?: Readonly<Record<string, number>>
}

export type LoadedConfig = {
  config: SimulationConfig
  /** What `config.json` holds: the effective configuration without secrets. */
  stored: Record<string, unknown>
  warnings: Warning[]
  definitions: Definitions
  visibility: Visibility | undefined
  /** The map with the agents on it. */
  world: SpatialState | null
  library: ComponentLibrary
  engine: EngineClass
  validator: ValidatorClass
  agents: AgentClass[]
}

export const HIDDEN_SECRET = '***'

export const loadConfigFile = async (file: string, options: LoadOptions = {}): Promise<LoadedConfig> => {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigurationError([unreadable(file, error)])
  }
  return loadConfigText(text, { baseDir: path.dirname(path.resolve(file)), ...options })
}

const unreadable = (file: string, error: unknown): Problem => ({
  path: '',
  line: null,
  expected: 'a readable file',
  actual: file,
  remedy: 'Check the path.',
  message: `The configuration file ${file} cannot be read: ${messageOf(error)}`,
})

/** YAML text -> a configuration ready to run. Throws ConfigurationError with every problem. */
export const loadConfigText = (text: string, options: LoadOptions = {}): Promise<LoadedConfig> =>
  load(parseYaml(text, options.env ?? {}), options)

/** The same for a configuration given as an object. */
export const loadConfigObject = (value: unknown, options: LoadOptions = {}): Promise<LoadedConfig> =>
  load(objectSource(value, options.env ?? {}), options)

function applyOverrides(source: Source, overrides: readonly Override[]): void {
  for (const { path: at, value } of overrides) {
    let place = source.value
    if (!isMap(place)) return
    for (const key of at.slice(0, -1)) {
      if (!isMap(place)) break
      if (place[key] === undefined || place[key] === null) place[key] = {}
      place = place[key]
    }
    if (isMap(place)) place[at.at(-1)!] = value
    if (isMap(place) && at.join('.') === 'simulation.max_turns') delete place['turns']
  }
}

/** A problem with an overridden value names the option instead of a line. */
function nameOptions(problems: Problem[], overrides: readonly Override[]): void {
  for (const problem of problems) {
    const source = overrides.find((o) => pathText(o.path) === problem.path)
    if (!source) continue
    problem.line = null
    problem.message = `${source.option}: ${problem.message}`
  }
}

/** Problems in the order of the file. */
function fail(findings: Findings, overrides: readonly Override[]): never {
  findings.problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  nameOptions(findings.problems, overrides)
  if (findings.kinds.has('cycle')) throw new CircularSchemaError(findings.problems)
  if (findings.kinds.has('depth')) throw new DepthLimitError(findings.problems)
  throw new ConfigurationError(findings.problems)
}

async function loadClass(
  kind: ComponentKind,
  name: unknown,
  at: Path,
  library: ComponentLibrary,
  findings: Findings,
): Promise<any> {
  if (typeof name !== 'string') return undefined
  try {
    return await library.load(kind as 'agent', name)
  } catch (error) {
    const expected =
      error instanceof ComponentNotFoundError
        ? `the name of ${kind === 'validator' ? 'a' : 'an'} ${kind}`
        : `a usable ${kind}`
    findings.add(at, expected, show(name), messageOf(error))
    return undefined
  }
}

function checkComponentConfig(
  component: AgentClass | undefined,
  config: Record<string, any>,
  at: Path,
  findings: Findings,
): void {
  component?.checkConfig?.(config, (below, expected, actual, remedy) => {
    findings.add([...at, 'config', ...below], expected, actual, remedy)
  })
}

function readWorld(config: SimulationConfig, options: LoadOptions, findings: Findings): SpatialState | null {
  const wanting = config.agents.flatMap(({ initial_location: location }, i) =>
    location === null ? [] : [{ i, location }],
  )
  if (!config.spatial) {
    for (const { i } of wanting)
      findings.add(
        ['agents', i, 'initial_location'],
        'absent without a spatial section',
        'given',
        'Add spatial or remove it.',
      )
    return null
  }
  const before = findings.problems.length
  const section = readSection(config.spatial, ['spatial'], spatialFields, findings)
  if (findings.problems.length > before) return null
  const files = { baseDir: options.baseDir ?? '.', within: options.filesWithin }
  const built = buildMap(section, ['spatial'], findings, files)
  if (!built) return null
  config.spatial = built.section
  const positions: Record<string, string> = {}
  for (const { i, location } of wanting) {
    if (Object.hasOwn(built.map.locations, location)) positions[config.agents[i]!.name] = location
    else {
      const names = locationNames(built.map)
      const shown = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '')
      findings.add(['agents', i, 'initial_location'], `a location (${shown})`, show(location), 'Correct the location.')
    }
  }
  return placeAgents(built.map, positions)
}

function checkLimits(config: SimulationConfig, limits: Readonly<Record<string, number>>, findings: Findings): void {
  for (const [at, most] of Object.entries(limits)) {
    const keys = at.split('.')
    const value = keys.reduce<any>((part, key) => part?.[key], config)
    if (typeof value === 'number' && value > most)
      findings.add(keys, `at most ${most} in a served run`, show(value), 'Lower the value.')
  }
}

function storedConfig(config: SimulationConfig, source: Source): Record<string, unknown> {
  if (!config.llm || config.llm.api_key === null) return { ...config }
  const reference = source.references.get(JSON.stringify(['llm', 'api_key']))
  return { ...config, llm: { ...config.llm, api_key: reference ?? HIDDEN_SECRET } }
}

async function load(source: Source, options: LoadOptions): Promise<LoadedConfig> {
  const { findings } = source
  const overrides = options.overrides ?? []
  applyOverrides(source, overrides)
  const config = readSections(source)
  if (!config) fail(findings, overrides)
  const library = new ComponentLibrary(options.implementationsRoot ?? '.', options.registry)
  const engine: EngineClass | undefined = await loadClass(
    'engine',
    config.engine?.type,
    ['engine', 'type'],
    library,
    findings,
  )
  const validator: ValidatorClass | undefined = await loadClass(
    'validator',
    config.validator?.type,
    ['validator', 'type'],
    library,
    findings,
  )
  const agents: AgentClass[] = []
  for (const [i, agent] of config.agents.entries())
    agents.push(await loadClass('agent', agent.type, ['agents', i, 'type'], library, findings))
  if (config.engine) checkComponentConfig(engine as any, config.engine.config, ['engine'], findings)
  if (config.validator) checkComponentConfig(validator as any, config.validator.config, ['validator'], findings)
  if (validator?.requiresDomain && config.validator.domain === null)
    findings.add(
      ['validator', 'domain'],
      'text naming the domain, for a model-driven validator',
      'missing',
      'Add domain.',
    )
  config.agents.forEach((agent, i) => {
    checkComponentConfig(agents[i], agent.config, ['agents', i], findings)
  })
  const definitions = engine ? readDefinitions(config, engine, findings) : undefined
  if (engine && definitions && config.simulation) readTermination(config, engine, definitions, findings)
  const world = readWorld(config, options, findings)
  let visibility: Visibility | undefined
  if (config.observability && definitions) {
    const known = { agents: config.agents.map(({ name }) => name), definitions }
    const compiled = compileVisibility(config.observability, known, findings)
    config.observability = compiled.section
    visibility = compiled.visibility
  }
  checkLimits(config, options.limits ?? {}, findings)
  if (findings.problems.length > 0 || !engine || !validator || !definitions) fail(findings, overrides)
  const stored = storedConfig(config, source)
  return {
    config,
    stored,
    warnings: findings.warnings,
    definitions,
    visibility,
    world,
    library,
    engine,
    validator,
    agents,
  }
}
