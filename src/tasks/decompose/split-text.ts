import { findSql } from '../sql-text.ts'

/** How a fragment is joined to the one before it. */
export type Joint = 'start' | 'comma' | 'and' | 'hard'
export type Fragment = {
  text: string
  joint: Joint
  /** Begun by then, after that, afterwards, next or finally. */
  sequenced: boolean
  /** Where it lies in the text, to join neighbours with their own words between them. */
  start: number
  end: number
}

const ACTION_VERBS =
  'fetch|get|download|scrape|extract|read|load|parse|convert|filter|clean|validate|calculate|compute|analy[sz]e|compare|generate|create|write|build|plot|chart|summari[sz]e|report|store|save|insert|query|call|send|combine|merge|aggregate|translate|test'
const VERB = `(?:${ACTION_VERBS})\\b`
const SEQUENCERS = String.raw`(?:then|after\s+that|afterwards|finally)\b`
/** "next" also names pages and months: it counts before a verb, or where a clause begins. */
const NEXT = String.raw`next\b(?=\s*,|\s+${VERB})`
const ITEM = String.raw`(?:\d{1,3}[.)]|[-*•–]|[Ss]tep\s+\d+\s*[:.)-])\s+`
/** The same numbering inside a line: "1. Read it. 2. Sort it." */
const INLINE_ITEM = String.raw`(?<=[.;:,!?]\s)\d{1,2}[.)]\s+(?=${VERB}|[A-Z])`
const MASK = '\uE000'

const MIN_FRAGMENT = 10

/** Replaces what must not be split by characters that no rule matches; the length stays the same. */
export function maskProtected(text: string): string {
  let masked = text
  const hide = (start: number, end: number) => {
    masked = masked.slice(0, start) + MASK.repeat(end - start) + masked.slice(end)
  }
  const sql = findSql(text)
  if (sql) hide(sql.start, sql.end)
  const protect = (pattern: RegExp) => {
    masked = masked.replace(pattern, (found) => MASK.repeat(found.length))
  }
  protect(/```[\s\S]*?```/g)
  protect(/\bhttps?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]/gi)
  protect(/`[^`\n]+`/g)
  protect(/"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]/g)
  protect(/(?<![\w\uE000])'[^'\n]+'(?!\w)/g)
  for (let depth = 0; depth < 5; depth++) protect(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/g)
  return masked
}

/** Every place where the text splits: where the separator begins and ends, and what kind it is. */
function findJoints(masked: string): { from: number; to: number; joint: Joint; sequenced: boolean }[] {
  const lead = String.raw`[\s,;]*(?:\band\s+)?`
  const patterns: readonly [RegExp, Joint, boolean][] = [
    [new RegExp(String.raw`(?:^|\n)[ \t]*${ITEM}`, 'g'), 'hard', false],
    [new RegExp(INLINE_ITEM, 'g'), 'hard', false],
    [/\n[ \t]*\n\s*/g, 'hard', false],
    [new RegExp(String.raw`\s*\n\s*(?=${VERB})`, 'gi'), 'hard', false],
    [
      /(?<!\b(?:e\.g|i\.e|vs|no|approx|dr|mr|mrs|ms|st|fig))(?<!\n[ \t]*\d{1,3}|^\d{1,3})(?:[.?]+|(?<!\d)!+)(?:\s+|$)/gi,
      'hard',
      false,
    ],
    // After a number the mark may be a factorial: then only a capital begins a sentence.
    [/(?<=\d)!+\s+(?=[A-Z])/g, 'hard', false],
    [/\s*;\s*/g, 'hard', false],
    [
      new RegExp(
        String.raw`${lead}\b(?:${SEQUENCERS}|(?<=^|[,;.:]\s*|\band\s+|\n\s*)next\b(?!\s+(?:page|month|year|week|day|link|one))|${NEXT})[\s,:]*`,
        'gi',
      ),
      'hard',
      true,
    ],
    [new RegExp(String.raw`\s*,\s*and\s+(?=${VERB})`, 'gi'), 'and', false],
    [new RegExp(String.raw`\s*,\s*(?=${VERB})`, 'gi'), 'comma', false],
    [new RegExp(String.raw`\s+and\s+(?=${VERB})`, 'gi'), 'and', false],
  ]
  const found = patterns.flatMap(([pattern, joint, sequenced]) =>
    [...masked.matchAll(pattern)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
      joint,
      sequenced,
    })),
  )
  return found.sort((a, b) => a.from - b.from || b.to - a.to)
}

/** Overlapping and touching separators become one; the strongest kind wins. */
function mergeJoints(masked: string, joints: ReturnType<typeof findJoints>): ReturnType<typeof findJoints> {
  const strength: Record<Joint, number> = { start: 0, comma: 1, and: 2, hard: 3 }
  const merged: ReturnType<typeof findJoints> = []
  for (const joint of joints) {
    const last = merged.at(-1)
    if (last && masked.slice(last.to, Math.max(last.to, joint.from)).trim() === '') {
      last.to = Math.max(last.to, joint.to)
      if (strength[joint.joint] > strength[last.joint]) last.joint = joint.joint
      last.sequenced ||= joint.sequenced
    } else merged.push({ ...joint })
  }
  return merged
}

const ONLY_FREEING =
  /^\W*(?:(?:and|all|do\s+(?:it|this|that)|both|each|of\s+them)\s+)*(?:independently|in\s+parallel|simultaneously|separately)\W*$/i
/** Characters of the contract's minimum: what is shorter joins its neighbour, and so does a freeing word without work. */
const isShort = (fragment: Fragment) => fragment.text.length < MIN_FRAGMENT || ONLY_FREEING.test(fragment.text)
const isIntroduction = (fragment: Fragment) => /:\s*$/.test(fragment.text) && fragment.text.length < 200

/** Splits a task text into steps (contract 5.6.1, rules 1 to 3 without the table rule). At least one fragment. */
export function splitText(text: string): Fragment[] {
  const masked = maskProtected(text)
  const make = (start: number, end: number, joint: Joint, sequenced: boolean): Fragment => ({
    text: tidy(text.slice(start, end)),
    joint,
    sequenced,
    start,
    end,
  })
  const fragments: Fragment[] = []
  let start = 0
  let before: { joint: Joint; sequenced: boolean } = { joint: 'start', sequenced: false }
  for (const joint of mergeJoints(masked, findJoints(masked))) {
    if (text.slice(start, joint.from).trim() !== '') {
      fragments.push(make(start, joint.from, before.joint, before.sequenced))
      before = joint
    } else
      before = { joint: before.joint === 'start' ? 'start' : 'hard', sequenced: before.sequenced || joint.sequenced }
    start = joint.to
  }
  if (text.slice(start).trim() !== '') fragments.push(make(start, text.length, before.joint, before.sequenced))
  const joined = joinShort(text, fragments)
  return joined.length > 0 ? joined : [make(0, text.length, 'start', false)]
}

function joinShort(text: string, fragments: readonly Fragment[]): Fragment[] {
  const joined: Fragment[] = []
  for (const fragment of fragments) {
    const last = joined.at(-1)
    const first = joined.length === 1 && (isShort(last!) || isIntroduction(last!))
    if (last && (isShort(fragment) || first)) joined[joined.length - 1] = join(text, last, fragment)
    else joined.push(fragment)
  }
  return joined
}

/** Two neighbours as one, with the words between them. */
export const join = (text: string, a: Fragment, b: Fragment): Fragment => ({
  ...a,
  text: tidy(text.slice(a.start, b.end)),
  end: b.end,
})

const tidy = (text: string): string =>
  (text.includes('```') ? text : text.replace(/\s+/g, ' '))
    .trim()
    .replace(/^(?:and|[,;:])\s+/i, '')
    .replace(/^first(?:ly)?\b[\s,:]*/i, '')
    .replace(/[\s,;]+$/, '')
    .replace(/(?<=\w)\.$/, '')
    .replace(/\s+and$/i, '')
