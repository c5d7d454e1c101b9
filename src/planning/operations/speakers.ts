import type { Board } from '../artifacts/board.ts'

export type SpeakerRow = { format: string; sessions: number; each: number; people: number }

/** People a session of a format puts on stage. */
const ON_STAGE: readonly (readonly [words: RegExp, format: string, each: number])[] = [
  [/keynote/i, 'Keynote', 1],
  [/panel/i, 'Panel', 4],
  [/lightning/i, 'Lightning talks', 5],
  [/case stud/i, 'Case studies', 2],
  [/round table/i, 'Round table', 1],
  [/workshop/i, 'Workshop', 2],
  [/\blab\b/i, 'Lab', 2],
  [/expert hour|demo/i, 'Expert hour or demo', 1],
  [/talks?\b/i, 'Talks', 2],
  [/^programme/i, 'Programme', 3],
]

/** Whom the programme needs on stage, by format, from its sessions. */
export function speakersNeeded({ artifacts }: Board): SpeakerRow[] {
  const counts = new Map<string, number>()
  for (const { title } of artifacts.Schedule?.sessions ?? []) {
    const found = ON_STAGE.find(([words]) => words.test(title))
    if (found) counts.set(found[1], (counts.get(found[1]) ?? 0) + 1)
  }
  return ON_STAGE.filter(([, format]) => counts.has(format)).map(([, format, each]) => {
    const sessions = counts.get(format)!
    return { format, sessions, each, people: sessions * each }
  })
}
