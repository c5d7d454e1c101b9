import { lighthouse } from '../exports/_lighthouse.ts'
import type { EditJob, FrameJob, MediaFiles, MediaSettings, SegmentJob } from '../media-port.ts'
import type { AudioMix, Edit, GeneratedFrame, Subtitles } from '../schema.ts'
import { testWork } from './_work.ts'
import type { LocalStudio } from './local-studio.ts'

export const settings: MediaSettings = { width: 640, height: 360, fps: 24, aspect_ratio: '16:9', quality: 'standard' }
const { scene_list, character_profiles, character_designs, storyboard_frames, shot_list, dialogue_script } =
  lighthouse.artifacts

export const frameJob = (i: number, over: Partial<FrameJob> = {}): FrameJob => {
  const frame = storyboard_frames!.frames[i]!
  return {
    frame,
    scene: scene_list!.scenes.find((s) => s.scene_number === frame.scene_number)!,
    shot: shot_list!.items.find((s) => s.frame_id === frame.frame_id)!,
    cast: character_profiles!.characters,
    designs: character_designs!.items,
    environment: null,
    style: null,
    settings,
    seed: 7,
    prompt: frame.description,
    negative_prompts: ['text'],
    ...over,
  }
}

export type Film = {
  edit: Edit
  mix: AudioMix
  segments: { segment_id: string; video_url: string }[]
  frames: { frame_id: string; image_url: string }[]
}

const subtitles: Subtitles = {
  language: 'en',
  srt: '1\n00:00:01,000 --> 00:00:03,000\nMara: They have sent the letter.\n',
  vtt: 'WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Mara>They have sent the letter.\n',
}

/** The whole way of a film through the studio: frames, lines, music, segments, mix, edit. */
export async function makeFilm(studio: LocalStudio, files: MediaFiles, over: Partial<EditJob> = {}): Promise<Film> {
  const frames: GeneratedFrame[] = []
  for (let i = 0; i < 4; i++)
    frames.push((await studio.make('frame', frameJob(i), testWork(files, `frames/${i}`))).content)
  const lines = dialogue_script!.scenes.flatMap((s) => s.lines.map((line) => ({ line, scene: s.scene_number })))
  const tracks = []
  for (const [i, { line, scene }] of lines.entries()) {
    const job = { line, scene_number: scene, voice: null, direction: null, seed: 1 }
    const { content } = await studio.make('line', job, testWork(files, `lines/${i}`))
    tracks.push({
      role: 'dialogue' as const,
      audio_url: content.audio_url,
      start: 1 + i * 3,
      duration: content.duration,
    })
  }
  const cues = [{ id: 'm', scene_number: 1, start: 0, duration: 30, prompt: 'piano' }]
  const music = await studio.make('sound', { role: 'music', cues, seed: 1 }, testWork(files, 'music'))
  tracks.push({ role: 'music' as const, audio_url: music.content.items[0]!.audio_url, start: 0, duration: 30 })
  const segments = []
  for (const [i, frame] of frames.entries()) {
    const own = storyboard_frames!.frames[i]!
    const job: SegmentJob = {
      segment_id: `SEGMENT_${i + 1}`,
      scene: frameJob(i).scene,
      frames: [{ frame: own, image_url: frame.image_url }],
      shots: shot_list!.items,
      duration: [6, 4, 10, 10][i]!,
      notes: {},
      settings,
      seed: 1,
      prompt: '',
    }
    segments.push((await studio.make('segment', job, testWork(files, `segments/${i}`))).content)
  }
  const mix = (await studio.make('mix', { duration: 30, tracks }, testWork(files, 'mix'))).content
  const edit = await studio.make(
    'edit',
    {
      stage: 'final_edit',
      title: 'The last lamp',
      file_name: 'lighthouse_w',
      cuts: segments.map((s, i) => ({
        segment_id: s.segment_id,
        scene_number: [1, 1, 2, 3][i]!,
        video_url: s.video_url,
        image_urls: [frames[i]!.image_url],
        duration: s.duration_seconds,
        transition_out: (['hard_cut', 'crossfade', 'crossfade', 'fade_out'] as const)[i]!,
        caption: frameJob(i).scene!.goal,
      })),
      audio: mix,
      subtitles,
      style: null,
      effects: [],
      settings,
      ...over,
    },
    testWork(files, 'edit'),
  )
  return { edit: edit.content, mix, segments, frames }
}
