import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import {
  ComponentBaseError,
  ComponentError,
  ComponentExportError,
  ComponentNotFoundError,
  messageOf,
} from '../core/errors.ts'
import { builtins } from './builtin/index.ts'
import { BASE_CLASSES, type ComponentClass, type ComponentKind, SUFFIXES } from './component-class.ts'
import { importComponentFile } from './component-loader.ts'

const EXTENSIONS = ['.js', '.mjs', '.ts'] as const
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/
const ACRONYMS: Record<string, string> = { llm: 'LLM' }

export type Registry = {
  [K in ComponentKind]?: Readonly<Record<string, ComponentClass<K>>>
}

/** `econ_llm_agent` → `EconLLMAgent`, `nation` → `NationAgent`. */
export function classNameFor(kind: ComponentKind, name: string): string {
  const words = name.split(/[_-]+/).filter(Boolean)
  const pascal = words.map((word) => ACRONYMS[word.toLowerCase()] ?? word[0]!.toUpperCase() + word.slice(1)).join('')
  return pascal.endsWith(SUFFIXES[kind]) ? pascal : pascal + SUFFIXES[kind]
}

const nameOf = (value: unknown): string =>
  typeof value === 'function' ? `class ${value.name || '(anonymous)'}` : `a ${value === null ? 'null' : typeof value}`

/**
 * Turns the `type` of a configuration into a class: the registry of the program, the built-ins, then files below
 * `<root>/implementations`. A class is loaded once per process.
 */
export class ComponentLibrary {
  readonly root: string
  readonly #registry: Registry

  constructor(root: string, registry: Registry = {}) {
    this.root = path.resolve(root)
    this.#registry = registry
  }

  #folder(kind: ComponentKind): string {
    return path.join(this.root, 'implementations', `${kind}s`)
  }

  #fileNames(kind: ComponentKind): string[] {
    let entries: fs.Dirent[]
    try {
      entries = fs.readdirSync(this.#folder(kind), { withFileTypes: true })
    } catch {
      return [] // No folder: no own components.
    }
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.parse(entry.name))
      .filter(
        ({ ext, name }) => (EXTENSIONS as readonly string[]).includes(ext) && !name.startsWith('_') && name !== 'index',
      )
      .map(({ name }) => name)
  }

  #list(kind: ComponentKind): string[] {
    const names = [...Object.keys(this.#registry[kind] ?? {}), ...Object.keys(builtins[kind]), ...this.#fileNames(kind)]
    return [...new Set(names)].sort()
  }

  listAgents(): string[] {
    return this.#list('agent')
  }
  listEngines(): string[] {
    return this.#list('engine')
  }
  listValidators(): string[] {
    return this.#list('validator')
  }

  /** Throws ComponentNotFoundError, ComponentExportError or ComponentBaseError, each saying what would do. */
  async load<K extends ComponentKind>(kind: K, name: string): Promise<ComponentClass<K>> {
    for (const source of [this.#registry[kind], builtins[kind]])
      if (source && Object.hasOwn(source, name))
        return checkBase(kind, name, (source as Record<string, unknown>)[name], 'the registry') as ComponentClass<K>
    const file = this.#findFile(kind, name)
    if (!file) throw this.#notFound(kind, name)
    let exports: Record<string, unknown>
    try {
      exports = await importComponentFile(file)
    } catch (error) {
      throw new ComponentError(
        `The ${kind} ${name} cannot be loaded from ${file}: ${messageOf(error)}`,
        {},
        { cause: error },
      )
    }
    return checkBase(kind, name, pickExport(kind, name, file, exports), file) as ComponentClass<K>
  }

  #findFile(kind: ComponentKind, name: string): string | undefined {
    if (!FILE_NAME.test(name) || name === 'index') return undefined
    return EXTENSIONS.map((ext) => path.join(this.#folder(kind), name + ext)).find((file) => fs.existsSync(file))
  }

  /** Where a component comes from, with the hash of its file. */
  sourceOf(kind: ComponentKind, name: string): { source: string; sha256: string | null } {
    if (this.#registry[kind] && Object.hasOwn(this.#registry[kind], name)) return { source: 'registry', sha256: null }
    if (Object.hasOwn(builtins[kind], name)) return { source: 'builtin', sha256: null }
    const file = this.#findFile(kind, name)
    if (!file) return { source: 'unknown', sha256: null }
    return { source: file, sha256: createHash('sha256').update(fs.readFileSync(file)).digest('hex') }
  }

  #notFound(kind: ComponentKind, name: string): ComponentNotFoundError {
    const expected = path.join(this.#folder(kind), `${name}.{js,mjs,ts}`)
    const available = this.#list(kind)
    return new ComponentNotFoundError(
      `There is no ${kind} named ${name}: expected the file ${expected} or one of ${available.join(', ')}`,
      { kind, name, expected, available },
    )
  }
}

function pickExport(kind: ComponentKind, name: string, file: string, exports: Record<string, unknown>): unknown {
  const expected = classNameFor(kind, name)
  const found = exports[expected] ?? exports['default']
  if (found !== undefined) return found
  const available = Object.keys(exports)
  throw new ComponentExportError(
    `${file} exports no ${expected}: it exports ${available.join(', ') || 'nothing'}. Write "export class ${expected} extends Base${SUFFIXES[kind]}" or a default export`,
    { kind, name, expected, available },
  )
}

function checkBase(kind: ComponentKind, name: string, found: unknown, place: string): unknown {
  const base = BASE_CLASSES[kind]
  if (typeof found === 'function' && found.prototype instanceof base) return found
  const parent = typeof found === 'function' ? Object.getPrototypeOf(found) : undefined
  const extending = typeof parent === 'function' && parent.name ? ` extending ${parent.name}` : ''
  throw new ComponentBaseError(
    `The ${kind} ${name} of ${place} must extend Base${SUFFIXES[kind]} from 'troupe/simulation', but found ${nameOf(found)}${extending}`,
    { kind, name, expected: `Base${SUFFIXES[kind]}`, found: nameOf(found) },
  )
}
