import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { lighthouse } from '../exports/_lighthouse.ts'
import type { InspectJob } from '../media-port.ts'
import { Edit, GeneratedFrame, MarketingAssets, QcReport, VideoSegment } from '../schema.ts'
import { frameJob, makeFilm, settings } from './_film.ts'
import { testFiles, testWork } from './_work.ts'
import { readAnimatic } from './animatic/animatic-html.ts'
import { readGuide } from './audio/guide.ts'
import { readWav } from './audio/wav.ts'
import { LocalStudio } from './local-studio.ts'
import { addSource, pngSize, readSource } from './render/png-source.ts'

const studio = new LocalStudio({ encoder: null })
afterAll(() => studio.close())

test('a frame is a PNG of the asked size that carries its drawing; the same job gives the same bytes', async () => {
  const files = testFiles()
  const { content, file, draft, generated_by } = await studio.make('frame', frameJob(0), testWork(files, 'a'))
  const again = await studio.make('frame', frameJob(0), testWork(files, 'b'))
  const bytes = await files.read(content.image_url)
  expect(GeneratedFrame.safeParse(content).success).toBe(true)
  expect(pngSize(bytes)).toEqual({ width: 640, height: 360 })
  expect(readSource(bytes)).toContain('<title>SCENE_1_SHOT_1</title>')
  expect(again.file!.sha256).toBe(file!.sha256)
  expect({ draft, generated_by }).toEqual({ draft: true, generated_by: 'template' })
})

test('a PNG without a drawing, or cut short, gives none', async () => {
  const png = addSource((await lighthouse.readFile(''))!, '<svg/>')
  expect(readSource(png)).toBe('<svg/>')
  expect(readSource(png.subarray(0, 60))).toBeNull()
  expect(readSource(new Uint8Array([1, 2, 3]))).toBeNull()
})

test('a line is silent, lasts 0.4 s a word, and says for whom it stands', async () => {
  const files = testFiles()
  const line = { line_id: 'S1_L1', character: 'Mara', text: 'They have sent the letter.', emotion: '', direction: '' }
  const { content } = await studio.make(
    'line',
    { line, scene_number: 1, voice: null, direction: null, seed: 1 },
    testWork(files, 'l'),
  )
  const wav = readWav(await files.read(content.audio_url))!
  expect(content.duration).toBe(2)
  expect(wav.samples.length / wav.rate).toBeCloseTo(2, 3)
  expect(wav.samples.every((sample) => sample === 0)).toBe(true)
  expect(readGuide(wav.comment)).toMatchObject({ role: 'dialogue', who: 'Mara', words: 5 })
})

describe('a film', () => {
  const files = testFiles()
  const made = makeFilm(studio, files)
  const inspect = async (over: Partial<InspectJob> = {}) => {
    const { edit } = await made
    const expected = { duration: 30, tolerance: 3, segment_ids: ['SEGMENT_1', 'SEGMENT_2', 'SEGMENT_3', 'SEGMENT_4'] }
    return (await studio.make('inspect', { edit, expected, draft: true, settings, ...over }, testWork(files, 'qc')))
      .content
  }

  test('its segments are animatics with a timeline beside them', async () => {
    const { segments } = await made
    for (const segment of segments) {
      expect(VideoSegment.safeParse(segment).success).toBe(true)
      const film = readAnimatic(new TextDecoder().decode(await files.read(segment.video_url)))!
      expect(film.shots).toHaveLength(1)
      const timeline = JSON.parse(
        new TextDecoder().decode(await files.read((segment as Record<string, unknown>)['timeline_url'] as string)),
      )
      expect(timeline.duration).toBe(film.duration)
    }
  })

  test('it is one file with pictures, captions and guide sound, as long as its cuts, with its true checksum', async () => {
    const { edit } = await made
    expect(Edit.safeParse(edit).success).toBe(true)
    const bytes = await files.read(edit.video_url)
    expect(edit.video_url).toMatch(/lighthouse_w\.html$/)
    expect(edit.checksum).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
    const film = readAnimatic(new TextDecoder().decode(bytes))!
    expect(film.duration).toBe(30)
    expect(film.shots.map((s) => [s.id, s.start, s.transition])).toEqual([
      ['SEGMENT_1', 0, 'hard_cut'],
      ['SEGMENT_2', 6, 'crossfade'],
      ['SEGMENT_3', 10, 'crossfade'],
      ['SEGMENT_4', 20, 'fade_out'],
    ])
    expect(Object.keys(film.images)).toHaveLength(4)
    expect(film.captions).toEqual([{ start: 1, end: 3, speaker: 'Mara', text: 'They have sent the letter.' }])
    expect(film.sound.kind === 'guide' && film.sound.cues).toHaveLength(5)
    expect(new TextDecoder().decode(bytes)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  test('its mix is silent and exactly as long as the picture; the guide beside it is heard', async () => {
    const { mix } = await made
    const wav = readWav(await files.read(mix.audio_url))!
    expect(wav.samples.length / wav.rate).toBeCloseTo(30, 3)
    expect(mix).toMatchObject({ duration: 30, loudness_lufs: -70, peaks: [0] })
    const guide = readWav(await files.read((mix as Record<string, unknown>)['guide_url'] as string))!
    expect(guide.samples.length / guide.rate).toBeCloseTo(30, 3)
    expect(Math.max(...guide.samples.slice(0, 16000 * 3))).toBeGreaterThan(0.1)
  })

  test('the technical check passes a sound draft and says it is one', async () => {
    const report = await inspect()
    expect(QcReport.safeParse(report).success).toBe(true)
    expect(report.status).toBe('pass')
    expect(report.issues.map((i) => i.code)).toEqual(['DRAFT_MEDIA'])
    expect(report.preview_images).toHaveLength(3)
    expect(report.technical).toEqual({ duration: 30, codec: 'html-animatic', resolution: '640x360', fps: 24 })
  })

  test('the technical check finds a wrong length, size, missing segment and changed bytes', async () => {
    const { edit } = await made
    const report = await inspect({
      edit: { ...edit, checksum: `sha256:${'0'.repeat(64)}` },
      expected: { duration: 60, tolerance: 6, segment_ids: ['SEGMENT_1', 'SEGMENT_9'] },
      settings: { ...settings, width: 1280 },
      draft: false,
    })
    expect(report.status).toBe('fail')
    expect(report.issues.map((i) => [i.code, i.segment_id])).toEqual([
      ['CHECKSUM_MISMATCH', undefined],
      ['DURATION_MISMATCH', undefined],
      ['RESOLUTION_MISMATCH', undefined],
      ['MISSING_SEGMENT', 'SEGMENT_9'],
    ])
    expect(report.recommended_actions).toHaveLength(4)
  })

  test('the technical check names a black picture, an undecodable film and a missing one', async () => {
    const { edit } = await made
    const html = new TextDecoder().decode(await files.read(edit.video_url))
    const black = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    ).toString('base64')
    const dark = html.replace(/"i3":"data:[^"]*"/, `"i3":"data:image/svg+xml;base64,${black}"`)
    const check = async (name: string, text: string) => {
      const file = await files.write(name, new TextEncoder().encode(text), 'text/html')
      return inspect({ edit: { ...edit, video_url: file.url, checksum: `sha256:${file.sha256}` } })
    }
    expect((await check('dark.html', dark)).issues[0]).toMatchObject({
      code: 'BLACK_FRAME_DETECTED',
      severity: 'high',
      segment_id: 'SEGMENT_3',
    })
    expect((await check('other.html', '<!doctype html><p>no film')).issues[0]).toMatchObject({ code: 'DECODE_ERROR' })
    expect((await inspect({ edit: { ...edit, video_url: '/files/gone.html' } })).issues[0]).toMatchObject({
      code: 'DECODE_ERROR',
    })
  })

  test('trailer, clips and stills come out of it', async () => {
    const { edit, frames, segments } = await made
    const { content } = await studio.make(
      'promote',
      {
        title: 'The last lamp',
        logline: 'A keeper guards a light.',
        edit,
        stills: frames.map((f) => ({ caption: f.frame_id, image_url: f.image_url })),
        segments: segments.map((s) => ({ segment_id: s.segment_id, video_url: s.video_url, duration: 5, caption: '' })),
        settings,
      },
      testWork(files, 'promo'),
    )
    expect(MarketingAssets.safeParse(content).success).toBe(true)
    const trailer = readAnimatic(new TextDecoder().decode(await files.read(content.trailer_url)))!
    expect(trailer.duration).toBe(10)
    expect(content.clips).toHaveLength(3)
  })

  test('made again it has the same bytes', async () => {
    const other = await makeFilm(studio, testFiles())
    expect(other.edit.checksum).toBe((await made).edit.checksum)
  })
})

test('a segment without pictures, and a cut without segment, get a card and stay drafts', async () => {
  const files = testFiles()
  const segment = {
    segment_id: 'SEGMENT_1',
    scene: frameJob(0).scene,
    frames: [],
    shots: [],
    duration: 5,
    notes: {},
    settings,
    seed: 1,
    prompt: '',
  }
  const { content } = await studio.make('segment', segment, testWork(files, 's'))
  expect(readAnimatic(new TextDecoder().decode(await files.read(content.video_url)))!.shots).toMatchObject([
    { placeholder: true, duration: 5 },
  ])
  const cut = {
    segment_id: 'SEGMENT_1',
    scene_number: 1,
    video_url: null,
    image_urls: [],
    duration: 5,
    transition_out: 'hard_cut' as const,
    caption: 'Nothing yet',
  }
  const edit = {
    stage: 'rough_cut' as const,
    title: 'T',
    file_name: 'rough',
    cuts: [cut],
    audio: null,
    subtitles: null,
    style: null,
    effects: [],
    settings,
  }
  const made = await studio.make('edit', edit, testWork(files, 'e'))
  expect(made.draft).toBe(true)
  expect(made.warnings.join()).toContain('SEGMENT_1 has no usable picture')
})

test('real sound is mixed and measured, and never clips', async () => {
  const files = testFiles()
  const rate = 22050
  const { writeWav } = await import('./audio/wav.ts')
  const tone = Float32Array.from({ length: rate * 3 }, (_, i) => Math.sin((2 * Math.PI * 997 * i) / rate) * 0.8)
  const a = await files.write('a.wav', writeWav(tone, rate), 'audio/wav')
  const tracks = [0, 0].map((start) => ({ role: 'dialogue' as const, audio_url: a.url, start, duration: 3 }))
  const { content, draft } = await studio.make('mix', { duration: 4, tracks }, testWork(files, 'm'))
  expect(draft).toBe(false)
  expect(content.peaks).toEqual([0.98])
  // A full-scale 997 Hz tone measures -3 LUFS by the standard.
  expect(Math.abs(content.loudness_lufs + 3.2)).toBeLessThan(0.3)
  const wav = readWav(await files.read(content.audio_url))!
  expect(wav.samples.length / wav.rate).toBeCloseTo(4, 3)
})

test('a track in an unknown format is left out with a warning', async () => {
  const files = testFiles()
  const a = await files.write('a.mp3', new Uint8Array([0xff, 0xfb, 0x90]), 'audio/mpeg')
  const { warnings } = await studio.make(
    'mix',
    { duration: 2, tracks: [{ role: 'music', audio_url: a.url, start: 0, duration: 2 }] },
    testWork(files, 'm'),
  )
  expect(warnings).toEqual(['a music track is in a format that cannot be read here and is left out of the mix'])
})

test('character and place sheets are drawn', async () => {
  const files = testFiles()
  const base = { palette: ['#e0b030'], style: null, settings, seed: 1, prompt: '' }
  for (const [i, subject] of (['character', 'environment', 'prop'] as const).entries()) {
    const { content } = await studio.make(
      'design',
      { ...base, subject, name: subject === 'environment' ? 'Old pier' : 'Mara', description: 'A yellow raincoat.' },
      testWork(files, `d${i}`),
    )
    expect(pngSize(await files.read(content.image_url))).toEqual({ width: 640, height: 360 })
  }
})

test('a job that was given up stops', async () => {
  const given = new AbortController()
  given.abort()
  const files = testFiles()
  await expect(studio.make('frame', frameJob(0), testWork(files, 'x', given.signal))).rejects.toThrow(/given up/)
  expect(existsSync(files.localPath('x.png'))).toBe(false)
})

test('the player script is plain and complete', () => {
  const script = readFileSync(new URL('./animatic/player.js', import.meta.url), 'utf8')
  expect(() => new Function(script)).not.toThrow()
  expect(script).not.toMatch(/<\/script/i)
})
