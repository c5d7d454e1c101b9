import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { create, type Font } from 'fontkit'
import { woff2ToTtf } from './woff2-to-ttf.ts'

/** The fonts we ship, each split by script; the first file that has a character is taken. */
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'] as const
const FAMILIES = {
  sans: { package: '@fontsource-variable/inter', stem: 'inter', subsets: SUBSETS },
  mono: {
    package: '@fontsource-variable/jetbrains-mono',
    stem: 'jetbrains-mono',
    subsets: SUBSETS.filter((name) => name !== 'greek-ext'),
  },
} as const
export type Family = keyof typeof FAMILIES
export type FontFile = { id: string; font: Font; ttf(): Uint8Array }

const require = createRequire(import.meta.url)
const loaded = new Map<string, FontFile>()

/** The WOFF2 file of one script of a family. */
export function fontBytes(family: Family, subset: string): Uint8Array {
  const { package: name, stem } = FAMILIES[family]
  const folder = path.dirname(require.resolve(`${name}/package.json`))
  return readFileSync(path.join(folder, 'files', `${stem}-${subset}-wght-normal.woff2`))
}

function load(family: Family, subset: string): FontFile {
  const id = `${family}-${subset}`
  const known = loaded.get(id)
  if (known) return known
  const bytes = fontBytes(family, subset)
  let ttf: Uint8Array | undefined
  const file: FontFile = {
    id,
    font: create(bytes),
    ttf() {
      ttf ??= woff2ToTtf(bytes)
      return ttf
    },
  }
  loaded.set(id, file)
  return file
}

/** The file of a family that has this character; undefined when none of ours has it. */
export function fontFor(family: Family, codePoint: number): FontFile | undefined {
  for (const subset of FAMILIES[family].subsets) {
    const file = load(family, subset)
    if (file.font.hasGlyphForCodePoint(codePoint)) return file
  }
  return undefined
}

/** Parts of a text by the font file that can draw them; missing characters are replaced by `?` in the family's first font. */
export function fontRuns(family: Family, text: string): { file: FontFile; text: string; missing: number }[] {
  const runs: { file: FontFile; text: string; missing: number }[] = []
  for (const char of text) {
    const found = fontFor(family, char.codePointAt(0)!)
    const file = found ?? load(family, 'latin')
    const last = runs.at(-1)
    // A blank stays with what stands before it.
    const run = last && (last.file === file || char === ' ') ? last : { file, text: '', missing: 0 }
    run.text += found ? char : '?'
    run.missing += found ? 0 : 1
    if (run !== last) runs.push(run)
  }
  return runs
}
