import * as cheerio from 'cheerio/slim'
import type { AnyNode, Element } from 'domhandler'

/** Kept with their content. What is not listed loses its tag; what is in DROPPED goes with everything inside. */
const TAGS = new Set(
  `a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt em figcaption figure
  footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strong sub summary sup
  table tbody td tfoot th thead time tr u ul var wbr
  svg g path rect circle ellipse line polyline polygon text tspan defs lineargradient radialgradient stop clippath title desc marker pattern mask symbol`.split(
    /\s+/,
  ),
)
const DROPPED = new Set(
  `script style iframe frame frameset object embed applet noscript template head base link meta form input button select textarea option
  audio video source track canvas dialog portal math foreignobject animate animatemotion animatetransform set image use feimage`.split(
    /\s+/,
  ),
)
const ATTRIBUTES = new Set(
  `align alt class cite colspan datetime dir height href id lang open reversed rowspan scope span src start style title type value width
  aria-label aria-hidden aria-labelledby role
  viewbox preserveaspectratio xmlns d x y x1 x2 y1 y2 cx cy r rx ry dx dy points fill fill-opacity fill-rule stroke stroke-width stroke-opacity
  stroke-dasharray stroke-linecap stroke-linejoin opacity transform text-anchor dominant-baseline font-family font-size font-weight font-style
  letter-spacing offset stop-color stop-opacity gradientunits gradienttransform clip-path clippathunits marker-end marker-start orient refx refy
  markerwidth markerheight patternunits vector-effect shape-rendering`.split(/\s+/),
)
const SAFE_LINK = /^(?:https?:|mailto:|#)/i
const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|svg\+xml)[;,]/i
/** A style or paint that would load or run something. */
const LOADS =
  /url\s*\(\s*(?!['"]?#)|expression\s*\(|@import|javascript:|-moz-binding|behavior\s*:|image-set|src\s*\(|\\/i

function cleanAttributes(element: Element): void {
  for (const [name, value] of Object.entries(element.attribs)) {
    const lower = name.toLowerCase()
    const compact = value.replace(/[\s\u0000-\u001f]/g, '')
    const isBad =
      !ATTRIBUTES.has(lower) ||
      (lower === 'href' && (element.name !== 'a' || !SAFE_LINK.test(compact))) ||
      (lower === 'src' && (element.name !== 'img' || !DATA_IMAGE.test(compact))) ||
      LOADS.test(lower === 'src' || lower === 'href' ? '' : compact)
    if (isBad) delete element.attribs[name]
  }
  if (element.name === 'a' && element.attribs['href']) element.attribs['rel'] = 'noopener noreferrer nofollow'
}

/**
 * HTML of an agent or model without scripts, event attributes, frames, forms, styles sheets and anything that loads from elsewhere. Text, tables,
 * pictures given as data and drawings stay.
 */
export function sanitiseHtml(html: string): string {
  const $ = cheerio.load(html, { xml: { xmlMode: false, decodeEntities: true } }, false)
  const visit = (nodes: readonly AnyNode[]): void => {
    for (const node of nodes) {
      if (node.type === 'comment' || node.type === 'directive' || node.type === 'cdata') $(node).remove()
      else if ('name' in node) {
        const name = node.name.toLowerCase()
        if (DROPPED.has(name) || node.type === 'script' || node.type === 'style') $(node).remove()
        else {
          visit([...node.children])
          if (TAGS.has(name)) cleanAttributes(node as Element)
          else $(node).replaceWith($(node).contents())
        }
      }
    }
  }
  visit([...$.root().get(0)!.children])
  return $.html()
}
