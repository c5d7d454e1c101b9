import type { DialogueAudioItem, DialogueScript, ScriptLine, TimelineEntry } from '../../schema.ts'

export type TimedLine = { line: ScriptLine; scene_number: number; start: number; end: number }

const WORD_SECONDS = 0.4
const GAP_SECONDS = 0.15
const MIN_SECONDS = 0.05
const ms = (seconds: number) => Math.round(seconds * 1000) / 1000

/** Estimated length of a spoken text: 0.4 s a word (contract 5.4). */
export const speakingSeconds = (text: string) => ms(Math.max(1, text.trim().split(/\s+/).length) * WORD_SECONDS)

/**
 * When each line of the script is heard: in script order, one after another, each inside its scene's part of the cut. A
 * scene whose lines are longer than its picture has them shortened in proportion. Subtitles and mix use the same times.
 */
export function timeLines(
  script: DialogueScript,
  timeline: TimelineEntry[],
  sceneOf: (segmentId: string) => number | undefined,
  audio: readonly DialogueAudioItem[] = [],
): TimedLine[] {
  const spoken = new Map(audio.map((a) => [a.line_id, a.duration]))
  const parts = sceneParts(timeline, sceneOf)
  const timed: TimedLine[] = []
  for (const scene of [...script.scenes].sort((a, b) => a.scene_number - b.scene_number)) {
    const part = parts.get(scene.scene_number)
    if (!part || scene.lines.length === 0) continue
    timed.push(...fitLines(scene.scene_number, scene.lines, part, spoken))
  }
  return timed
}

type Part = { start: number; end: number }

/** A scene lasts from its first segment to the start of the next scene, or the end of the film. */
function sceneParts(timeline: TimelineEntry[], sceneOf: (id: string) => number | undefined): Map<number, Part> {
  const starts = new Map<number, number>()
  for (const entry of timeline) {
    const scene = sceneOf(entry.segment_id)
    if (scene !== undefined && (starts.get(scene) ?? Number.POSITIVE_INFINITY) > entry.start_time)
      starts.set(scene, entry.start_time)
  }
  const end = timeline.reduce((max, entry) => Math.max(max, entry.end_time), 0)
  const ordered = [...starts].sort(([, a], [, b]) => a - b)
  return new Map(ordered.map(([scene, start], i) => [scene, { start, end: ordered[i + 1]?.[1] ?? end }]))
}

function fitLines(scene: number, lines: ScriptLine[], part: Part, spoken: Map<string, number>): TimedLine[] {
  const wanted = lines.map((line) => Math.max(MIN_SECONDS, spoken.get(line.line_id) ?? speakingSeconds(line.text)))
  const room = part.end - part.start
  const total = wanted.reduce((sum, s) => sum + s, 0) + GAP_SECONDS * lines.length
  const scale = total > room ? room / total : 1
  let at = part.start
  return lines.map((line, i) => {
    const start = ms(at)
    const end = ms(Math.min(part.end, at + wanted[i]! * scale))
    at += (wanted[i]! + GAP_SECONDS) * scale
    return { line, scene_number: scene, start, end }
  })
}
