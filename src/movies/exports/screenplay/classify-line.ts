import { HEADING } from './model.ts'

/** How Fountain tells lines apart that carry no mark. The printer asks the same questions, to know when to force. */
export const TITLE_KEY = /^[A-Za-z][A-Za-z0-9 _-]*:/
export const isUpper = (text: string) => /\p{L}/u.test(text) && text === text.toUpperCase()
export const isTransition = (text: string) => isUpper(text) && /TO:$/.test(text)

/** A speaker's line, when it is the first of several: forced by `@`, or a name in capitals. */
export function isCue(line: string): boolean {
  if (line.startsWith('@')) return true
  if (/^[.!>~=#\u0001]/.test(line) || HEADING.test(line)) return false
  const name = line
    .replace(/\^\s*$/, '')
    .replace(/\([^()]*\)/g, '')
    .trim()
  return isUpper(name) && !isTransition(line.trim())
}
