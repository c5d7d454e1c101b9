import { z } from 'zod'
import type { MediaFiles } from '../../media-port.ts'
import type { AudioMix } from '../../schema.ts'
import type { Animatic } from '../animatic/manifest.ts'
import { GuideSound } from '../audio/guide.ts'
import { readWav } from '../audio/wav.ts'
import { dataUri, readIfThere } from './studio-work.ts'

const MAX_EMBEDDED = 60 * 1024 * 1024
const Cues = z.array(GuideSound.extend({ start: z.number().min(0), duration: z.number().min(0) }))

export type FilmSound = { sound: Animatic['sound']; warning: string | null; silent: boolean }

/** The film's sound for the player: the mix itself, or for a silent draft the guide its cues describe. */
export async function filmSound(files: MediaFiles, mix: AudioMix | null): Promise<FilmSound> {
  const none: FilmSound = { sound: { kind: 'silent' }, warning: null, silent: true }
  if (!mix) return none
  const bytes = await readIfThere(files, mix.audio_url)
  if (!bytes) return { ...none, warning: 'the audio mix is gone: the film is silent' }
  const wav = readWav(bytes)
  const quiet = wav?.samples.every((sample) => sample === 0) ?? false
  if (quiet && wav?.comment?.startsWith('troupe-guides ')) {
    const cues = Cues.safeParse(JSON.parse(wav.comment.slice('troupe-guides '.length)))
    return {
      sound: cues.success ? { kind: 'guide', cues: cues.data } : { kind: 'silent' },
      warning: null,
      silent: true,
    }
  }
  if (quiet) return none
  if (bytes.length > MAX_EMBEDDED)
    return { ...none, silent: false, warning: 'the audio mix is too large for the animatic: it plays silent' }
  return {
    sound: { kind: 'file', uri: dataUri(wav ? 'audio/wav' : 'audio/mpeg', bytes) },
    warning: null,
    silent: false,
  }
}
