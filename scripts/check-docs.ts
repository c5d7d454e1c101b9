// A path cited in a Markdown page must exist, and every dependency has its reason: documents that drift fail the build.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page && fs.existsSync(path.join(root, page)))
const missing: string[] = []
for (const page of pages) {
  const text = fs.readFileSync(path.join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '')
  const exists = (target: string) =>
    fs.existsSync(path.join(root, target)) || fs.existsSync(path.join(root, path.dirname(page), target))
  for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g))
    if (!exists(target!)) missing.push(`${page}: link to ${target}`)
  for (const [, target] of text.matchAll(/`((?:src|web|test|bench|deploy|docs|examples|scripts)\/[\w./-]+)`/g))
    if (!/[*<{]/.test(target!) && !target!.startsWith('web/dist') && !exists(target!))
      missing.push(`${page}: cites ${target}`)
}
// Every dependency has its reason, and no reason outlives its dependency.
const DECISION = 'docs/decisions/0004-dependencies.md'
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const used = new Set(
  ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) => Object.keys(manifest[kind] ?? {})),
)
const table = fs
  .readFileSync(path.join(root, DECISION), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
const named = table.flatMap((line) => [...line.split('|')[2]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!))
const covers = (name: string, dependency: string) =>
  name.endsWith('/*') ? dependency.startsWith(name.slice(0, -1)) : name === dependency
for (const dependency of used)
  if (!named.some((name) => covers(name, dependency))) missing.push(`${DECISION}: says nothing of ${dependency}`)
for (const name of named)
  if (![...used].some((dependency) => covers(name, dependency))) missing.push(`${DECISION}: ${name} is not installed`)
for (const line of missing) console.error(line)
if (missing.length > 0) process.exit(1)
console.log(`docs: ${pages.length} pages, every cited path exists`)
