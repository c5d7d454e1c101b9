// A path cited in a Markdown page must exist: documents that drift fail the build.
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
for (const line of missing) console.error(line)
if (missing.length > 0) process.exit(1)
console.log(`docs: ${pages.length} pages, every cited path exists`)
