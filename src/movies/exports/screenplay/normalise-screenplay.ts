import type { Line, Run, Screenplay, ScreenplayElement, SpeechPart } from './model.ts'

const STYLES = ['bold', 'italic', 'underline'] as const

/** One line of text: no control characters, single blanks instead of tabs and line breaks, no blanks at its ends. */
export const cleanText = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()

const sameStyle = (a: Run, b: Run) => STYLES.every((style) => Boolean(a[style]) === Boolean(b[style]))
const styled = (run: Run, text: string): Run => ({
  text,
  ...(run.bold ? { bold: true as const } : {}),
  ...(run.italic ? { italic: true as const } : {}),
  ...(run.underline ? { underline: true as const } : {}),
})

/**
 * The same line in its one canonical form: equal neighbours joined, blanks between two runs in the first of them, no
 * empty run, no blank at the ends.
 */
export function normaliseLine(line: Line): Line {
  const out: Run[] = []
  for (const run of line) {
    let text = run.text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ')
    const last = out.at(-1)
    if (last) {
      const blanks = /^ +/.exec(text)?.[0] ?? ''
      last.text += blanks
      text = text.slice(blanks.length)
    } else text = text.replace(/^ +/, '')
    if (text === '') continue
    if (last && sameStyle(last, run)) last.text += text
    else out.push(styled(run, text))
  }
  for (const run of out) run.text = run.text.replace(/ {2,}/g, ' ')
  while (out.length > 0) {
    const last = out.at(-1)!
    last.text = last.text.replace(/ +$/, '')
    if (last.text !== '') break
    out.pop()
  }
  return out
}

const parts = (list: SpeechPart[]): SpeechPart[] =>
  list.map((part) => ({ kind: part.kind, runs: normaliseLine(part.runs) })).filter((part) => part.runs.length > 0)

const headingText = (text: string) => cleanText(text).replace(/^[.\s]+/, '')

function normaliseElement(element: ScreenplayElement): ScreenplayElement | undefined {
  switch (element.type) {
    case 'page_break':
      return { type: 'page_break' }
    case 'scene_heading': {
      const text = headingText(element.text)
      const number = cleanText(element.number ?? '').replaceAll('#', '')
      return text === '' ? undefined : { type: 'scene_heading', text, ...(number ? { number } : {}) }
    }
    case 'action': {
      const lines = element.lines.map(normaliseLine).filter((line) => line.length > 0)
      if (lines.length === 0) return undefined
      return { type: 'action', lines, ...(element.centered ? { centered: true as const } : {}) }
    }
    case 'speech': {
      const character = cleanText(element.character.replace(/[()^]/g, ' '))
      const extensions = element.extensions.map((e) => cleanText(e.replace(/[()]/g, ' '))).filter((e) => e !== '')
      const spoken = parts(element.parts)
      const lines = spoken.map((part) => part.runs)
      if (character === '') return lines.length === 0 ? undefined : { type: 'action', lines }
      if (spoken.length === 0) return { type: 'action', lines: [[{ text: character }]] }
      return { type: 'speech', character, extensions, ...(element.dual ? { dual: true as const } : {}), parts: spoken }
    }
    case 'section': {
      const text = cleanText(element.text).replace(/^[#\s]+/, '')
      return text === '' ? undefined : { type: 'section', depth: Math.min(6, Math.max(1, element.depth)), text }
    }
    case 'transition': {
      const text = cleanText(element.text)
        .replace(/^[>\s]+|[<\s]+$/g, '')
        .trim()
      return text === '' ? undefined : { type: 'transition', text }
    }
    default: {
      const text = cleanText(element.text)
      return text === '' ? undefined : { ...element, text }
    }
  }
}

/** The one form of a screenplay that readers give and printers expect: no empty elements, clean text, known ranges. */
export function normaliseScreenplay(play: Screenplay): Screenplay {
  const title_page = play.title_page
    .map((field) => ({
      key: cleanText(field.key.replace(/[^A-Za-z0-9 _-]/g, ' ')),
      values: field.values.map(cleanText).filter((value) => value !== ''),
    }))
    .filter((field) => /^[A-Za-z]/.test(field.key) && field.values.length > 0)
  const elements = play.elements.map(normaliseElement).filter((element) => element !== undefined)
  return { title_page, elements }
}
