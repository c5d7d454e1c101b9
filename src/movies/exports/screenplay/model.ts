/**
 * The screenplay as all formats here see it. Text is kept as runs of one style; a line never holds a line break. Two
 * screenplays that `normaliseScreenplay` makes equal are the same screenplay.
 */
export type Run = { text: string; bold?: true; italic?: true; underline?: true }
export type Line = Run[]

export type SpeechPart = { kind: 'line' | 'parenthetical' | 'lyric'; runs: Line }

export type SceneHeading = { type: 'scene_heading'; text: string; number?: string }
export type Action = { type: 'action'; lines: Line[]; centered?: true }
export type Speech = { type: 'speech'; character: string; extensions: string[]; dual?: true; parts: SpeechPart[] }
export type Transition = { type: 'transition'; text: string }
export type Section = { type: 'section'; depth: number; text: string }
export type Synopsis = { type: 'synopsis'; text: string }
export type Note = { type: 'note'; text: string }
export type PageBreak = { type: 'page_break' }
export type ScreenplayElement = SceneHeading | Action | Speech | Transition | Section | Synopsis | Note | PageBreak

export type TitleField = { key: string; values: string[] }
export type Screenplay = { title_page: TitleField[]; elements: ScreenplayElement[] }

export const plain = (text: string): Line => (text === '' ? [] : [{ text }])
export const lineText = (line: Line): string => line.map((run) => run.text).join('')
export const titleField = (play: Screenplay, key: string): string =>
  play.title_page.find((field) => field.key.toLowerCase() === key.toLowerCase())?.values.join(' ') ?? ''

export const HEADING = /^(?:int\.?\/ext|ext\.?\/int|i\/e|int|ext|est)(?:\.|\s|$)/i
