import { type ExportFile, fileName, utf8 } from '../export-file.ts'
import type { Production } from '../production.ts'
import { type Cue, parseCaptions, printSrt, printVtt } from './captions.ts'

const SECONDS_PER_WORD = 0.4
const words = (text: string) => text.split(/\s+/).filter(Boolean).length

/** Times for the lines of a film that is not cut yet: every scene has an equal share, its lines follow one another. */
function plannedCues(production: Production): Cue[] {
  const scenes = production.artifacts.dialogue_script?.scenes ?? []
  const share = scenes.length > 0 ? production.target_duration / scenes.length : 0
  return scenes.flatMap((scene, i) => {
    const wanted = scene.lines.map((line) => Math.max(1, words(line.text)) * SECONDS_PER_WORD)
    const total = wanted.reduce((a, b) => a + b, 0)
    const scale = total > share ? share / total : 1
    let at = i * share
    return scene.lines.map((line, k) => {
      const start = Math.round(at * 1000)
      at += wanted[k]! * scale
      return { start, end: Math.max(start + 1, Math.round(at * 1000)), speaker: line.character, text: line.text }
    })
  })
}

/** The film's captions: the subtitles that were made, else planned ones. */
export function productionCues(production: Production): { cues: Cue[]; loss: string[] } {
  const made = production.artifacts.subtitles
  if (made) return { cues: parseCaptions(made.vtt), loss: [] }
  return { cues: plannedCues(production), loss: ['the film is not cut yet: times are estimates of 0.4 s a word'] }
}

export function exportSrt(production: Production): ExportFile {
  const { cues, loss } = productionCues(production)
  const made = production.artifacts.subtitles?.srt
  return {
    bytes: utf8(made ?? printSrt(cues)),
    name: fileName(production.title, '.srt'),
    mime: 'application/x-subrip',
    loss: cues.some((cue) => cue.speaker)
      ? [...loss, 'SRT has no speaker field: names stand before their lines']
      : loss,
  }
}

export function exportVtt(production: Production): ExportFile {
  const { cues, loss } = productionCues(production)
  const bytes = utf8(production.artifacts.subtitles?.vtt ?? printVtt(cues))
  return { bytes, name: fileName(production.title, '.vtt'), mime: 'text/vtt', loss }
}
