import type { LineJob, SoundJob } from '../../media-port.ts'
import { countWords } from '../../schema.ts'
import { printGuide } from '../audio/guide.ts'
import { silentWav } from '../audio/wav.ts'
import { type Maker, ms, result, stopIfGivenUp } from './studio-work.ts'

/** Length of a spoken word in a draft (contract 5.4). */
export const WORD_SECONDS = 0.4

/** A silent track of the line's estimated length; its comment says who speaks how many words, for the guide track. */
export const makeLine: Maker<'line'> = async (job: LineJob, work) => {
  stopIfGivenUp(work)
  const words = Math.max(1, countWords(job.line.text))
  const duration = ms(words * WORD_SECONDS)
  const note = printGuide({ role: 'dialogue', who: job.line.character, words, text: job.line.line_id })
  const file = await work.files.write(`${work.path}.wav`, silentWav(duration, note), 'audio/wav')
  const { line_id, character } = job.line
  return result<'line'>({ line_id, character, audio_url: file.url, duration }, { file })
}

/** One silent track a cue. */
export const makeSound: Maker<'sound'> = async (job: SoundJob, work) => {
  const items = []
  for (const [i, cue] of job.cues.entries()) {
    stopIfGivenUp(work)
    const note = printGuide({ role: job.role, who: '', words: 0, text: cue.prompt.slice(0, 300) })
    const file = await work.files.write(`${work.path}.${i + 1}.wav`, silentWav(cue.duration, note), 'audio/wav')
    items.push({
      id: cue.id,
      scene_number: cue.scene_number,
      audio_url: file.url,
      start: cue.start,
      duration: cue.duration,
    })
    work.onProgress((i + 1) / job.cues.length)
  }
  return result<'sound'>({ items })
}
