// Measures what a first visit loads before anything is shown: the entry's script with everything it imports statically.
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 200
const dist = path.resolve(import.meta.dirname, '..', 'web', 'dist')
const manifestFile = path.join(dist, '.vite', 'manifest.json')
if (!fs.existsSync(manifestFile)) {
  console.error('web/dist is not built: run npm run build first')
  process.exit(1)
}

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; dynamicImports?: string[] }
const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8')) as Record<string, Chunk>

/** The chunk and everything it imports statically. */
function withImports(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return seen
  seen.add(key)
  for (const next of chunk.imports ?? []) withImports(next, seen)
  return seen
}

const gzipped = (keys: Iterable<string>) =>
  [...keys].reduce((sum, key) => sum + gzipSync(fs.readFileSync(path.join(dist, manifest[key]!.file))).length, 0) / 1000

const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry)
if (!entry) throw new Error('the manifest names no entry')
const first = withImports(entry)
const total = gzipped(first)
console.log(`first load: ${total.toFixed(1)} kB of script gzipped (limit ${LIMIT_KB})`)
const pages = (manifest[entry]!.dynamicImports ?? [])
  .map((key) => ({ key, kb: gzipped([...withImports(key)].filter((one) => !first.has(one))) }))
  .sort((a, b) => b.kb - a.kb)
for (const page of pages) console.log(`  + ${page.kb.toFixed(1).padStart(6)} kB  ${page.key}`)
if (total > LIMIT_KB) {
  console.error(
    `The first load is ${(total - LIMIT_KB).toFixed(1)} kB over. Load pages and viewers with import() when they are opened.`,
  )
  process.exit(1)
}
