import { outlineText } from '../../kernel/fonts/outline-text.ts'

const TEXT = /<text((?: [a-z-]+="[^"]*")*)>([^<]*)<\/text>/g
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

const plain = (escaped: string) =>
  escaped.replace(/&(?:amp|lt|gt|quot|#39);|&#(?:x([0-9a-f]+)|(\d+));/gi, (entity, hex, decimal) =>
    hex || decimal ? String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)) : ENTITIES[entity]!,
  )

/**
 * A drawn chart with its texts as outlines of our own fonts. A text with a character that none of them has (say Chinese) stays a
 * text; `needsSystemFonts` says so.
 */
export function outlineLabels(svg: string): { svg: string; needsSystemFonts: boolean } {
  let needsSystemFonts = false
  const outlined = svg.replace(TEXT, (whole, list: string, content: string) => {
    const given = Object.fromEntries([...list.matchAll(/([a-z-]+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]))
    const drawn = outlineText(plain(content), Number(given['x']), Number(given['y']), {
      size: Number(given['font-size']),
      fill: given['fill'] ?? '#000000',
      weight: Number(given['font-weight'] ?? 400),
      anchor: (given['text-anchor'] ?? 'start') as 'start' | 'middle' | 'end',
    })
    if (drawn === undefined) {
      needsSystemFonts = true
      return whole
    }
    return given['transform'] ? `<g transform="${given['transform']}">${drawn}</g>` : drawn
  })
  return { svg: outlined, needsSystemFonts }
}
