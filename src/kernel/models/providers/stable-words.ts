// The same work done again has other ids and another day. For a recording they are the same words.

const HEX = '[0-9a-f]'
/** `task_261121155136_b5cc470fdd10`, `run_01m7zcwmtx…`, `session-4p4xvimz…`, `agent_3`, a UUID, the mark of a prompt's material. */
const ID = new RegExp(
  `(?<=</?data )${HEX}{12}|(?<![0-9A-Za-z])(?:${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}|agent_\\d+|(?:task|subtask|run|asg|plan|dec|corr|session|sess|msg|sim)[_-][0-9a-z][0-9a-z_-]{7,})\\b`,
  'g',
)
const mark = (n: number) => `«${n}»`
const MARK = /«(\d+)»/g

export type StableWords = {
  /** With a mark for each id and for today, in the order of their appearance. */
  stable: string
  /** Puts the marks in place of the words of this question. */
  hide(text: string): string
  /** Puts the words of this question in place of the marks. */
  show(text: string): string
}

/** Reads a question. `today` is the day it is asked, as `2026-11-21`. */
export function stableWords(question: string, today: string): StableWords {
  const words = new Map<string, number>()
  const number = (word: string) => {
    if (!words.has(word)) words.set(word, words.size)
    return words.get(word)!
  }
  const days = [today, today.replaceAll('-', '')]
  const day = new RegExp(days.join('|'), 'g')
  const stable = question
    .replace(ID, (word) => (/\d/.test(word) ? mark(number(word)) : word))
    .replace(day, (word) => mark(number(word)))
  const known = [...words].sort(([a], [b]) => b.length - a.length)
  const byNumber = new Map([...words].map(([word, n]) => [n, word]))
  return {
    stable,
    hide: (text) => known.reduce((now, [word, n]) => now.replaceAll(word, mark(n)), text),
    show: (text) => text.replace(MARK, (whole, n) => byNumber.get(Number(n)) ?? whole),
  }
}
