import { ValidationError } from '../../../kernel/errors/app-error.ts'

/** One caption; times in whole milliseconds, end after start. */
export type Cue = { start: number; end: number; speaker?: string; text: string }

const pad = (n: number, width = 2) => String(n).padStart(width, '0')
const clock = (ms: number, mark: ',' | '.') =>
  `${pad(Math.floor(ms / 3_600_000))}:${pad(Math.floor(ms / 60_000) % 60)}:${pad(Math.floor(ms / 1000) % 60)}${mark}${pad(ms % 1000, 3)}`

/** A text that holds no blank line and no arrow, which would end or begin a cue. */
const flat = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
    .replaceAll('-->', '→')

const srtText = (cue: Cue) => (cue.speaker ? `${cue.speaker}: ${flat(cue.text)}` : flat(cue.text))

/** SubRip text, cues numbered from 1. */
export const printSrt = (cues: Cue[]): string =>
  cues.map((cue, i) => `${i + 1}\n${clock(cue.start, ',')} --> ${clock(cue.end, ',')}\n${srtText(cue)}\n`).join('\n')

const escapeVtt = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const unescapeVtt = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** WebVTT text; the speaker stands in a voice tag. */
export const printVtt = (cues: Cue[]): string =>
  `WEBVTT\n\n${cues
    .map((cue) => {
      const voice = cue.speaker ? `<v ${escapeVtt(cue.speaker)}>` : ''
      return `${clock(cue.start, '.')} --> ${clock(cue.end, '.')}\n${voice}${escapeVtt(flat(cue.text))}\n`
    })
    .join('\n')}`

const TIMING = /^(?:(\d{1,3}):)?(\d{2}):(\d{2})[,.](\d{3})\s*-->\s*(?:(\d{1,3}):)?(\d{2}):(\d{2})[,.](\d{3})/
const toMs = (h: string | undefined, m: string, s: string, ms: string) =>
  ((Number(h ?? 0) * 60 + Number(m)) * 60 + Number(s)) * 1000 + Number(ms)

const refuse = (message: string): never => {
  throw new ValidationError(message, [{ field: 'captions', message }])
}

/** Reads SRT or WebVTT. Cues come in file order; a cue without times, or that ends before it starts, is refused. */
export function parseCaptions(source: string): Cue[] {
  const vtt = /^\ufeff?WEBVTT/.test(source)
  const blocks = source
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0 && !/^(WEBVTT|NOTE|STYLE|REGION)\b/.test(lines[0]!))
  return blocks.map((lines) => {
    const at = lines.findIndex((line) => TIMING.test(line))
    const match = at === -1 ? null : TIMING.exec(lines[at]!)
    if (!match) return refuse(`the caption "${lines[0]}" has no times like 00:00:01,000 --> 00:00:02,000`)
    const start = toMs(match[1], match[2]!, match[3]!, match[4]!)
    const end = toMs(match[5], match[6]!, match[7]!, match[8]!)
    if (end <= start) refuse(`the caption at ${clock(start, '.')} ends before it starts`)
    const raw = lines.slice(at + 1).join('\n')
    const voice = vtt ? /^<v(?:\.[^ >]*)? ([^>]+)>/.exec(raw) : null
    const text = vtt ? unescapeVtt(raw.slice(voice?.[0].length ?? 0).replace(/<[^>]+>/g, '')) : raw
    return { start, end, ...(voice ? { speaker: unescapeVtt(voice[1]!) } : {}), text }
  })
}
