import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fontBytes } from '../../../kernel/fonts/fonts.ts'
import { Animatic } from './manifest.ts'

/** The player, written once as a plain script and style sheet, goes into every file. */
const asset = (name: string) => readFileSync(path.join(import.meta.dirname, name), 'utf8')
let assets: { script: string; style: string } | undefined

/** The letters of the player; without them a machine without fonts would show empty buttons. */
const fontFace = () =>
  `@font-face { font-family: Player; font-weight: 100 900; src: url(data:font/woff2;base64,${Buffer.from(fontBytes('sans', 'latin')).toString('base64')}) format("woff2"); }\n`

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
/** JSON that cannot end its script element. */
const safeJson = (value: unknown) =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

const POLICY =
  "default-src 'none'; img-src data:; media-src data: blob: 'self'; style-src 'unsafe-inline'; font-src data:; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** What is played, in words: for readers who do not see the pictures. */
function transcript(animatic: Animatic): string {
  const scenes = [...new Set(animatic.shots.map((shot) => shot.scene))]
  return scenes
    .map((scene) => {
      const shots = animatic.shots.filter((shot) => shot.scene === scene)
      const [from, to] = [shots[0]!.start, shots.at(-1)!.start + shots.at(-1)!.duration]
      const texts = [...new Set(shots.map((shot) => shot.text))].filter(Boolean)
      const lines = animatic.captions
        .filter((caption) => caption.start >= from - 0.001 && caption.start < to)
        .map((caption) => `<p><b>${escapeHtml(caption.speaker)}</b> ${escapeHtml(caption.text)}</p>`)
      return `<h3>Scene ${scene}</h3>${texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}${lines.join('')}`
    })
    .join('')
}

/**
 * One HTML file that plays the film by itself: no network, no other file. Same animatic, same bytes.
 */
export function animaticHtml(animatic: Animatic): string {
  assets ??= { script: asset('player.js'), style: `${fontFace()}${asset('player.css')}` }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(animatic.title)}</title>
<style>${assets.style}</style>
</head>
<body>
<main aria-label="Animatic">
<h1>${escapeHtml(animatic.title)}${animatic.draft ? ' <small>draft animatic</small>' : ''}</h1>
<div class="film" id="film">
<div class="stage" style="aspect-ratio:${animatic.width}/${animatic.height}">
<canvas id="screen" width="${animatic.width}" height="${animatic.height}" role="img" aria-label="Film picture"></canvas>
<div class="caption" id="caption" aria-hidden="true"></div>
<button type="button" class="big" id="big" aria-label="Play"><svg viewBox="0 0 24 24" width="36" height="36" aria-hidden="true"><path d="M7 4l13 8-13 8z" fill="currentColor"/></svg></button>
</div>
<div class="controls" role="group" aria-label="Player">
<button type="button" id="play" aria-keyshortcuts="Space">Play</button>
<input type="range" id="seek" min="0" max="${animatic.duration}" step="0.01" value="0" aria-label="Position in the film">
<output id="clock" for="seek">0:00 / 0:00</output>
<button type="button" id="captions" aria-pressed="true" aria-keyshortcuts="C">Captions</button>
<button type="button" id="sound" aria-pressed="true" aria-keyshortcuts="M">Sound</button>
<button type="button" id="speed">Speed 1×</button>
<button type="button" id="save">Save as video</button>
<button type="button" id="full" aria-keyshortcuts="F">Full screen</button>
</div>
</div>
<nav aria-label="Scenes"><h2>Scenes</h2><ol id="scenes"></ol></nav>
<details><summary>Keys</summary><p>Space plays and pauses; left and right move by one second, with Shift by one shot; up and down go to the scene before or after; Home and End go to the ends; C switches captions, M sound, F full screen.</p></details>
<details><summary>Transcript</summary>${transcript(animatic)}</details>
<p id="status" role="status"></p>
</main>
<script type="application/json" id="animatic">${safeJson(animatic)}</script>
<script>${assets.script}</script>
</body>
</html>
`
}

/** The animatic inside such a file; null when the text is another document or its data are broken. */
export function readAnimatic(html: string): Animatic | null {
  const match = /<script type="application\/json" id="animatic">([\s\S]*?)<\/script>/.exec(html)
  if (!match) return null
  try {
    return Animatic.parse(JSON.parse(match[1]!))
  } catch {
    return null
  }
}

export const isHtml = (bytes: Uint8Array): boolean =>
  /^\s*<!doctype html/i.test(new TextDecoder().decode(bytes.subarray(0, 64)))
