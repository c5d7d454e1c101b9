import { animaticHtml } from '../../studio/animatic/animatic-html.ts'
import { writeWav } from '../../studio/audio/wav.ts'

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const hue = (text: string) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)!) % 360, 7)

export type StandInMedia = { bytes: Buffer; type: string; ending: string; metadata: Record<string, unknown> }

/** A picture that shows what was asked for; the same request gives the same bytes. */
export function picture(data: Record<string, any>): StandInMedia {
  const [width, height] = String(data['resolution'] ?? '1280x720')
    .split('x')
    .map(Number) as [number, number]
  const tone = hue(`${data['prompt']}${data['seed']}`)
  const words = String(data['prompt'] ?? '').split(/\s+/)
  const lines: string[] = []
  for (let i = 0; i < words.length && lines.length < 6; i += 8) lines.push(words.slice(i, i + 8).join(' '))
  const text = lines
    .map((line, i) => `<text x="60" y="${height - 200 + i * 34}" font-size="24" fill="#fff">${escapeXml(line)}</text>`)
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="hsl(${tone} 45% 55%)"/><stop offset="1" stop-color="hsl(${(tone + 40) % 360} 40% 22%)"/></linearGradient></defs><rect width="${width}" height="${height}" fill="url(#g)"/><circle cx="${width * 0.7}" cy="${height * 0.3}" r="${height * 0.12}" fill="hsl(${(tone + 180) % 360} 70% 75%)"/><rect y="${height - 240}" width="${width}" height="240" fill="#000" opacity=".55"/>${text}</svg>`
  return {
    bytes: Buffer.from(svg),
    type: 'image/svg+xml',
    ending: '.svg',
    metadata: {
      seed: data['seed'],
      model: 'stand-in',
      steps: 20,
      inference_time_ms: 900,
      quality_score: 91,
      cost: 0.01,
    },
  }
}

const RATE = 16_000
const MAX_SECONDS = 120

/** A soft tone as long as what was asked for. */
export function sound(data: Record<string, any>): StandInMedia {
  const text = String(data['text'] ?? '')
  const asked = Number(data['audio_params']?.duration ?? 0)
  const seconds = Math.min(MAX_SECONDS, asked > 0 ? asked : Math.max(1, text.split(/\s+/).length * 0.4))
  const hz = 160 + hue(text || String(data['prompt'])) / 2
  const samples = new Float32Array(Math.round(seconds * RATE))
  for (let i = 0; i < samples.length; i++) {
    const t = i / RATE
    samples[i] = Math.sin(2 * Math.PI * hz * t) * 0.12 * Math.min(1, t * 20, (seconds - t) * 20)
  }
  return {
    bytes: Buffer.from(writeWav(samples, RATE)),
    type: 'audio/wav',
    ending: '.wav',
    metadata: { duration: seconds, sample_rate: RATE, model: 'stand-in', loudness_lufs: -20, peak: -18, cost: 0.002 },
  }
}

/** A moving segment: the pictures one after another, in a file that plays by itself. */
export function video(data: Record<string, any>, pictures: readonly Buffer[]): StandInMedia {
  const [width, height] = String(data['resolution'] ?? '1280x720')
    .split('x')
    .map(Number) as [number, number]
  const duration = Math.min(7, Math.max(0.5, Number(data['duration'] ?? 4)))
  const shown = pictures.length > 0 ? pictures : [picture({ ...data, prompt: data['scene_description'] }).bytes]
  const uri = (bytes: Buffer) => `data:image/svg+xml;base64,${bytes.toString('base64')}`
  const html = animaticHtml({
    kind: 'troupe-animatic',
    version: 1,
    title: String(data['scene_description'] ?? 'Segment').slice(0, 80),
    width,
    height,
    fps: Number(data['fps'] ?? 24),
    duration,
    draft: false,
    images: Object.fromEntries(shown.map((bytes, i) => [`p${i}`, uri(bytes)])),
    shots: shown.map((_, i) => ({
      id: `p${i}`,
      scene: 1,
      start: (duration / shown.length) * i,
      duration: duration / shown.length,
      image: `p${i}`,
      video: null,
      frame: null,
      text: String(data['scene_description'] ?? '').slice(0, 200),
      transition: 'hard_cut',
      placeholder: false,
    })),
    captions: [],
    sound: { kind: 'silent' },
  })
  return {
    bytes: Buffer.from(html),
    type: 'text/html; charset=utf-8',
    ending: '.html',
    metadata: { duration, fps: data['fps'], model: 'stand-in', processing_time: duration * 3, cost: 0.05 },
  }
}
