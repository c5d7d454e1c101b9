import { execFile, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'

/** The machine's own video encoder. Absent is normal: the studio then makes an HTML animatic. */
export type Encoder = { path: string }

/** Finds ffmpeg on the machine; null when it is not installed or does not start. */
export function findEncoder(command = 'ffmpeg'): Promise<Encoder | null> {
  return new Promise((resolve) => {
    execFile(command, ['-version'], { timeout: 5000 }, (error, stdout) => {
      resolve(!error && /ffmpeg version/i.test(stdout) ? { path: command } : null)
    })
  })
}

export type Still = { file: string; seconds: number }
export type VideoInput =
  | { kind: 'stills'; stills: Still[]; listFile: string }
  | { kind: 'clips'; files: string[]; listFile: string }
export type VideoOptions = {
  input: VideoInput
  output: string
  width: number
  height: number
  fps: number
  seconds: number
  /** A sound file; null adds a silent track. */
  audio: string | null
  subtitles: string | null
  fadeOut: boolean
}

const quote = (file: string) => `file '${file.replaceAll("'", "'\\''")}'`

function listOf(input: VideoInput): string {
  if (input.kind === 'clips') return `${input.files.map(quote).join('\n')}\n`
  const lines = input.stills.flatMap((still) => [quote(still.file), `duration ${still.seconds.toFixed(3)}`])
  // The last picture is named twice: the demuxer ignores the length of the last entry.
  const last = input.stills.at(-1)
  return `${[...lines, ...(last ? [quote(last.file)] : [])].join('\n')}\n`
}

/** Arguments that make one H.264 and AAC film of the input, exactly as long as asked. */
export function encodeArguments(o: VideoOptions): string[] {
  const fit = `scale=${o.width}:${o.height}:force_original_aspect_ratio=decrease,pad=${o.width}:${o.height}:(ow-iw)/2:(oh-ih)/2,setsar=1`
  const fade = o.fadeOut && o.seconds > 1 ? `,fade=t=out:st=${(o.seconds - 1).toFixed(3)}:d=1` : ''
  const audio = o.audio ? ['-i', o.audio] : ['-f', 'lavfi', '-i', 'anullsrc=channel_layout=stereo:sample_rate=44100']
  const subtitles = o.subtitles ? ['-i', o.subtitles] : []
  return [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'concat', '-safe', '0', '-i', o.input.listFile],
    ...audio,
    ...subtitles,
    ...['-map', '0:v:0', '-map', '1:a:0', ...(o.subtitles ? ['-map', '2:s:0', '-c:s', 'mov_text'] : [])],
    ...['-vf', `${fit},fps=${o.fps},format=yuv420p${fade}`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-c:a', 'aac', '-b:a', '128k', '-ar', '44100'],
    ...[
      '-af',
      'apad',
      '-t',
      o.seconds.toFixed(3),
      '-movflags',
      '+faststart',
      '-map_metadata',
      '-1',
      '-fflags',
      '+bitexact',
    ],
    o.output,
  ]
}

/** Runs the encoder. Throws with its last words when it fails; ends it when the job is given up. */
export async function encode(encoder: Encoder, options: VideoOptions, signal: AbortSignal): Promise<void> {
  await writeFile(options.input.listFile, listOf(options.input))
  await new Promise<void>((resolve, reject) => {
    const child = spawn(encoder.path, encodeArguments(options), { stdio: ['ignore', 'ignore', 'pipe'], signal })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000)
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the video encoder ended with ${code}: ${said.trim()}`)),
    )
  })
}
