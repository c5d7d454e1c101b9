import type { Line, Run } from './model.ts'

/**
 * Fountain's inline marks, read as switches: `*` turns italic on or off, `**` bold, `***` both, `_` underline, and a
 * backslash makes the next mark text. A switch that is never turned back is text.
 */
// A slash before a star, or before the mark that may follow its run, would begin a comment.
const SPECIAL = /[\\*_[~]|\/(?=\*|\s*$)/g

export const escapeText = (text: string): string => text.replace(SPECIAL, (mark) => `\\${mark}`)

const marks = (from: Run | undefined, to: Run | undefined): string => {
  const changed = (style: 'bold' | 'italic' | 'underline') => Boolean(from?.[style]) !== Boolean(to?.[style])
  const stars = '*'.repeat((changed('bold') ? 2 : 0) + (changed('italic') ? 1 : 0))
  return stars + (changed('underline') ? '_' : '')
}

/** A normalised line as Fountain text. */
export function printLine(line: Line): string {
  let out = ''
  let last: Run | undefined
  for (const run of line) {
    // A mark between a blank and a word opens; the blank that ends a styled run has to stand after the closing mark.
    const trailing = /\s+$/.exec(out)?.[0] ?? ''
    const closing = last && (last.bold || last.italic || last.underline)
    if (closing && trailing) {
      const plainRun = { text: '' }
      out = out.slice(0, -trailing.length) + marks(last, plainRun) + trailing + marks(plainRun, run)
    } else out += marks(last, run)
    out += escapeText(run.text)
    last = run
  }
  return out + marks(last, undefined)
}

type Token = { text: string; stars: number; underline: boolean }

function tokenise(source: string): Token[] {
  const tokens: Token[] = []
  let text = ''
  const flush = () => {
    if (text !== '') tokens.push({ text, stars: 0, underline: false })
    text = ''
  }
  for (let i = 0; i < source.length; ) {
    const c = source[i]!
    if (c === '\\' && /[^\sA-Za-z0-9]/.test(source[i + 1] ?? '')) {
      text += source[i + 1]
      i += 2
    } else if (c === '*' || c === '_') {
      let n = 1
      while (source[i + n] === c) n++
      const blankBefore = /\s/.test(source[i - 1] ?? ' ')
      const blankAfter = /\s/.test(source[i + n] ?? ' ')
      if ((blankBefore && blankAfter) || n > (c === '*' ? 3 : 1)) text += c.repeat(n)
      else {
        flush()
        tokens.push({ text: c.repeat(n), stars: c === '*' ? n : 0, underline: c === '_' })
      }
      i += n
    } else {
      text += c
      i++
    }
  }
  flush()
  return tokens
}

const switches = (token: Token) => ({
  bold: token.stars >= 2,
  italic: token.stars === 1 || token.stars === 3,
  underline: token.underline,
})

/** Takes the last switch of a style back when their number is odd: its mark becomes text. */
function dropUnpaired(tokens: Token[]): void {
  for (const style of ['bold', 'italic', 'underline'] as const) {
    const using = tokens.filter((token) => switches(token)[style])
    const last = using.at(-1)
    if (using.length % 2 === 0 || !last) continue
    const rest = last.stars === 3 ? (style === 'bold' ? 1 : 2) : 0
    const literal: Token = {
      text: style === 'underline' ? '_' : '*'.repeat(last.stars - rest),
      stars: 0,
      underline: false,
    }
    const at = tokens.indexOf(last)
    tokens.splice(at, 1, ...(rest > 0 ? [{ text: '*'.repeat(rest), stars: rest, underline: false }] : []), literal)
  }
}

/** Fountain text of one line as runs; not yet normalised. */
export function parseLine(source: string): Line {
  const tokens = tokenise(source)
  dropUnpaired(tokens)
  const runs: Run[] = []
  const on = { bold: false, italic: false, underline: false }
  for (const token of tokens) {
    if (token.stars > 0 || token.underline) {
      const turn = switches(token)
      for (const style of ['bold', 'italic', 'underline'] as const) if (turn[style]) on[style] = !on[style]
      continue
    }
    runs.push({
      text: token.text,
      ...(on.bold ? { bold: true as const } : {}),
      ...(on.italic ? { italic: true as const } : {}),
      ...(on.underline ? { underline: true as const } : {}),
    })
  }
  return runs
}
