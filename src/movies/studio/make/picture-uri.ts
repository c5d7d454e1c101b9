import { readSource } from '../render/png-source.ts'
import { dataUri } from './studio-work.ts'

const KINDS: [mime: string, is: (b: Uint8Array) => boolean][] = [
  ['image/png', (b) => b[0] === 0x89 && b[1] === 0x50],
  ['image/jpeg', (b) => b[0] === 0xff && b[1] === 0xd8],
  ['image/webp', (b) => b[0] === 0x52 && b[1] === 0x49 && b[8] === 0x57 && b[9] === 0x45],
]

/** A picture as data address: drawn ones as their small sharp drawing. null: not a picture we know. */
export function pictureUri(bytes: Uint8Array): string | null {
  const svg = readSource(bytes)
  if (svg) return dataUri('image/svg+xml', new TextEncoder().encode(svg))
  if (/^\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]/.test(new TextDecoder().decode(bytes.subarray(0, 200))))
    return dataUri('image/svg+xml', bytes)
  const kind = KINDS.find(([, is]) => is(bytes))
  return kind ? dataUri(kind[0], bytes) : null
}
