import { WIDTH } from './chart.ts'

const SCALE = 2

/** A drawn chart as PNG, twice as wide as the drawing, for slides and print. Loads the renderer at the first call. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const image = new Resvg(svg, {
    fitTo: { mode: 'width', value: WIDTH * SCALE },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  }).render()
  return image.asPng()
}
