import { renderAsync } from '@resvg/resvg-js'

/** A picture of an SVG that holds no text and no links: the same on every machine. */
export async function renderPng(svg: string, width?: number): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false },
    ...(width ? { fitTo: { mode: 'width' as const, value: width } } : {}),
  })
  return new Uint8Array(image.asPng())
}
