// Checks the direction of imports (docs/architecture.md). A message says what to do instead.
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const DOMAINS = ['tasks', 'planning', 'movies', 'simulation']
// Inside the kernel a folder may import only folders of an earlier or its own layer.
const KERNEL_LAYERS: string[][] = [
  ['config', 'telemetry', 'errors'],
  ['db'],
  ['events', 'access'],
  ['http', 'files', 'models', 'tools', 'artifacts', 'notify', 'audit'],
  ['decisions', 'agents'],
  ['runs'],
]

type Finding = { file: string; target: string; message: string }
const findings: Finding[] = []

function* sources(dir: string): Generator<string> {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name)
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', '.cache'].includes(entry.name)) yield* sources(full)
    } else if (/\.tsx?$/.test(entry.name)) yield full
  }
}

const layerOf = (folder: string) => KERNEL_LAYERS.findIndex((layer) => layer.includes(folder))

/** The rule a single import breaks, as advice; undefined when it breaks none. */
function advice(from: string[], to: string[], typeOnly: boolean): string | undefined {
  if (from[0] === 'web') {
    if (to[0] !== 'src') return undefined
    return /^schema(\.ts|$)/.test(to[2] ?? '') || to.at(-1) === 'schema.ts' || typeOnly
      ? undefined
      : 'web imports only types and schemas from */schema.ts: move what you need into the schema file or ask the HTTP API'
  }
  if (from[0] !== 'src' || to[0] !== 'src') return undefined
  const [fromArea, toArea] = [from[1]!, to[1]!]
  if (fromArea === 'kernel' && toArea !== 'kernel')
    return `the kernel knows no ${toArea}: pass what you need in from the module (a hook, a policy, a table) instead`
  if (DOMAINS.includes(fromArea) && DOMAINS.includes(toArea) && fromArea !== toArea)
    return 'domains never import each other: meet through events or lift the shared part into the kernel'
  if (DOMAINS.includes(fromArea) && (toArea === 'server' || toArea === 'cli'))
    return 'a domain is composed by the server, never the other way round: expose it on the Module'
  if (fromArea === 'simulation' && from[2] === 'loop' && toArea === 'kernel' && to[2] !== 'config')
    return 'src/simulation/loop runs without server and database: it may import kernel/config only'
  if (fromArea === 'kernel' && toArea === 'kernel' && from.length > 3 && from[2] !== to[2]) {
    const [a, b] = [layerOf(from[2]!), layerOf(to[2]!)]
    if (to.length > 3 && b > a && !typeOnly)
      return `kernel/${from[2]} is below kernel/${to[2]}: let the upper layer register a hook (as holds.release in db) instead`
  }
  return undefined
}

for (const area of ['src', 'web/src']) {
  if (!fs.existsSync(path.join(root, area))) continue
  for (const file of sources(path.join(root, area))) {
    const text = fs.readFileSync(file, 'utf8')
    const from = path.relative(root, file).split(path.sep)
    const isTest = /\.test\.tsx?$/.test(file)
    if (!isTest && /from '@dbos-inc\//.test(text) && !(from[1] === 'kernel' && from[2] === 'runs'))
      findings.push({
        file,
        target: '@dbos-inc/dbos-sdk',
        message: 'only kernel/runs imports DBOS: use a flow and its stages',
      })
    if (!isTest && /process\.env\b/.test(text) && from[0] === 'src' && !(from[1] === 'kernel' && from[2] === 'config'))
      findings.push({
        file,
        target: 'process.env',
        message: 'only kernel/config reads the environment: take it from Config',
      })
    if (isTest) continue
    for (const [, kind, target] of text.matchAll(/(import type|import|export)\b[^'"`;]*?(?:from\s*|\()'(\.[^']+)'/g)) {
      const to = path.relative(root, path.resolve(path.dirname(file), target!)).split(path.sep)
      const message = advice(from, to, kind === 'import type')
      if (message) findings.push({ file, target: target!, message })
    }
  }
}

for (const { file, target, message } of findings) console.error(`${path.relative(root, file)}: ${target}\n  ${message}`)
if (findings.length > 0) process.exit(1)
console.log('imports: direction ok')
