import { WIDTH } from './chart.ts'

const SCALE = 2

/**
 * A drawn chart as PNG, twice as wide as the drawing, for slides and print. Texts are drawn with the fonts we ship; only scripts
 * they lack ask the system's. Loads renderer and fonts at the first call.
 */
export async function renderPng(drawing: string): Promise<Uint8Array> {
  const [{ Resvg }, { outlineLabels }] = await Promise.all([import('@resvg/resvg-js'), import('./outline-labels.ts')])
  const { svg, needsSystemFonts } = outlineLabels(drawing)
  const image = new Resvg(svg, {
    fitTo: { mode: 'width', value: WIDTH * SCALE },
    font: { loadSystemFonts: needsSystemFonts },
  }).render()
  return image.asPng()
}
