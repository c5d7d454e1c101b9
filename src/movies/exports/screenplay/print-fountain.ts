import { type ExportFile, fileName, utf8 } from '../export-file.ts'
import { isCue, isTransition, isUpper, TITLE_KEY } from './classify-line.ts'
import { printLine } from './emphasis.ts'
import { HEADING, type Line, lineText, type Screenplay, type ScreenplayElement, titleField } from './model.ts'
import { normaliseScreenplay } from './normalise-screenplay.ts'

/** A heading, transition or name holds no marks of a comment or note. */
const quiet = (text: string) => text.replaceAll('[[', '[ [').replaceAll(']]', '] ]').replaceAll('/*', '/ *')

const heading = (text: string, number: string | undefined, first: boolean) => {
  const shown = quiet(text)
  const natural = HEADING.test(shown) && !(first && TITLE_KEY.test(shown))
  const numbered = number ?? (/#[^#]+#$/.test(shown) ? '' : undefined)
  return `${natural ? '' : '.'}${shown}${numbered ? ` #${numbered}#` : ''}`
}

/** Whether a line of action would be read as something else. */
const looksOther = (text: string, first: boolean) =>
  HEADING.test(text) || isUpper(text) || isCue(text) || /^[.!@#=>~]/.test(text) || (first && TITLE_KEY.test(text))

function action(lines: Line[], first: boolean): string {
  return lines
    .map((line, i) => {
      const text = printLine(line)
      const forced = i === 0 ? looksOther(text, first) : /^[!#=]/.test(text)
      return forced ? `!${text}` : text
    })
    .join('\n')
}

const centered = (lines: Line[]) => lines.map((line) => `> ${printLine(line)} <`).join('\n')

function cue(name: string, extensions: string[], dual: boolean): string {
  const shown = quiet(name)
  const natural = isUpper(shown) && !HEADING.test(shown) && !isTransition(shown) && /^[\p{L}\p{N}]/u.test(shown)
  return `${natural ? '' : '@'}${shown}${extensions.map((e) => ` (${quiet(e)})`).join('')}${dual ? ' ^' : ''}`
}

function speech(element: Extract<ScreenplayElement, { type: 'speech' }>): string {
  const lines = element.parts.map((part) => {
    const text = printLine(part.runs)
    if (part.kind === 'lyric') return `~${text}`
    if (part.kind === 'parenthetical') return `(${text})`
    return /^\(/.test(text) ? `\\${text}` : text
  })
  return [cue(element.character, element.extensions, element.dual === true), ...lines].join('\n')
}

function block(element: ScreenplayElement, first: boolean): string {
  switch (element.type) {
    case 'scene_heading':
      return heading(element.text, element.number, first)
    case 'action':
      return element.centered ? centered(element.lines) : action(element.lines, first)
    case 'speech':
      return speech(element)
    case 'transition': {
      const text = quiet(element.text)
      return isTransition(text) && !first && !HEADING.test(text) && /^\p{L}/u.test(text) ? text : `> ${text}`
    }
    case 'section':
      return `${'#'.repeat(element.depth)} ${quiet(element.text)}`
    case 'synopsis':
      return `= ${quiet(element.text)}`
    case 'note':
      return `[[${element.text.replaceAll(']]', '] ]').replaceAll('[[', '[ [')}]]`
    case 'page_break':
      return '==='
  }
}

const titlePage = (play: Screenplay) =>
  play.title_page.map(({ key, values }) =>
    values.length === 1 ? `${key}: ${values[0]}` : `${key}:\n${values.map((value) => `    ${value}`).join('\n')}`,
  )

/** The screenplay as Fountain text; `parseFountain` of it gives the same screenplay back. */
export function printFountain(screenplay: Screenplay): string {
  const play = normaliseScreenplay(screenplay)
  const head = titlePage(play)
  const body = play.elements.map((element, i) => block(element, i === 0 && head.length === 0))
  return `${[...(head.length > 0 ? [head.join('\n')] : []), ...body].join('\n\n')}\n`
}

/** What Fountain cannot say of this screenplay. */
export function fountainLoss(play: Screenplay): string[] {
  const plainTexts = play.elements.flatMap((e) => ('text' in e ? [e.text] : []))
  const marks = plainTexts.filter((text) => /\[\[|\]\]|\/\*/.test(text)).length
  return marks > 0 ? [`comment marks in ${marks} heading, name or note lines are written with a blank between`] : []
}

export function exportFountain(play: Screenplay): ExportFile {
  const text = printFountain(play)
  return {
    bytes: utf8(text),
    name: fileName(titleField(play, 'title') || firstWords(play), '.fountain'),
    mime: 'text/plain; charset=utf-8',
    loss: fountainLoss(play),
  }
}

const firstWords = (play: Screenplay) => {
  const action = play.elements.find((e) => e.type === 'action')
  return action ? lineText(action.lines[0] ?? []).slice(0, 40) : 'screenplay'
}
