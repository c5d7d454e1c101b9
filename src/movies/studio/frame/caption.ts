import { el, group } from '../draw/svg.ts'
import { measure, textPath, wrapWords } from './text.ts'

export const CAPTION_INK = '#f6f3ec'
export const CAPTION_GROUND = '#14161b'
const ACCENT = '#ffc46b'
/** Smallest size of caption text in pixels (contract 5.4). */
export const MIN_TEXT = 24

export type Caption = { height: number; draw(y: number): string }

/** The strip below the picture: frame, scene, place and camera in the first line, then the whole description. */
export function caption(
  width: number,
  height: number,
  head: { id: string; scene: string; camera: string },
  text: string,
): Caption {
  const unit = Math.min(width, height) / 720
  const pad = Math.max(16, 22 * unit)
  const room = width - pad * 2
  // The strip takes at most 60 % of the picture; only a picture too small for its text gets smaller letters.
  let size = Math.max(MIN_TEXT, 24 * unit)
  let lines = wrapWords(text, size, room)
  const headLines = () => {
    const first = `${head.id}  ·  ${head.scene}`
    const both = measure(first, size) + measure(head.camera, size) + size * 2 <= room
    return both
      ? [[first, head.camera] as const]
      : [...wrapWords(first, size, room), ...wrapWords(head.camera, size, room)].map((line) => [line, ''] as const)
  }
  let heads = headLines()
  const total = () => (heads.length + lines.length) * size * 1.34 + pad * 1.3
  while (total() > height * 0.6 && size > 8) {
    size *= 0.92
    lines = wrapWords(text, size, room)
    heads = headLines()
  }
  return {
    height: Math.round(total()),
    draw(y) {
      const parts = [el('rect', { x: 0, y, width, height: height - y, fill: CAPTION_GROUND })]
      let line = y + pad * 0.5 + size
      for (const [left, right] of heads) {
        parts.push(textPath(left, pad, line, size, ACCENT, true))
        if (right) parts.push(textPath(right, width - pad - measure(right, size), line, size, '#b9c2cc'))
        line += size * 1.34
      }
      for (const text of lines) {
        parts.push(textPath(text, pad, line, size, CAPTION_INK))
        line += size * 1.34
      }
      return group({}, ...parts)
    },
  }
}
