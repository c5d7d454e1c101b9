import type { DialogueScript, Edit } from '../../schema.ts'
import { type TimedLine, timeLines } from '../media/time-lines.ts'
import type { Craft } from './craft.ts'
import { itemsOf } from './story-facts.ts'

const two = (n: number) => String(n).padStart(2, '0')

/** `00:01:02,345`, with the decimal mark of the format. */
export function timestamp(seconds: number, mark: ',' | '.'): string {
  const ms = Math.round(seconds * 1000)
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${two(h)}:${two(m)}:${two(s)}${mark}${String(ms % 1000).padStart(3, '0')}`
}

const cueText = (cue: TimedLine) =>
  `${cue.line.character}: ${cue.line.text.replace(/\s+/g, ' ').replaceAll('-->', '→').trim()}`
const times = (cue: TimedLine, mark: ',' | '.') => `${timestamp(cue.start, mark)} --> ${timestamp(cue.end, mark)}`
const escapeVtt = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export const toSrt = (cues: TimedLine[]) =>
  cues.map((cue, i) => `${i + 1}\n${times(cue, ',')}\n${cueText(cue)}\n`).join('\n')

export const toVtt = (cues: TimedLine[]) =>
  `WEBVTT\n\n${cues.map((cue, i) => `${i + 1}\n${times(cue, '.')}\n${escapeVtt(cueText(cue))}\n`).join('\n')}`

/** Real subtitles: the same cues as SRT and WebVTT, timed to the cut. */
export const subtitles: Craft = (input) => {
  const script = (input.artifacts.dialogue_script ?? { scenes: [] }) as DialogueScript
  const cut = input.artifacts.rough_cut as Edit | undefined
  const scenes = new Map(input.segments.map((s) => [s.segment_id, s.scene_number]))
  const cues = timeLines(script, cut?.edit_timeline ?? [], (id) => scenes.get(id), itemsOf(input, 'dialogue_audio'))
  const language = input.workflow.custom_parameters['language']
  return { srt: toSrt(cues), vtt: toVtt(cues), language: typeof language === 'string' && language ? language : 'en' }
}
