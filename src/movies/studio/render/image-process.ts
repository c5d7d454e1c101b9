import os from 'node:os'
import { Resvg } from '@resvg/resvg-js'

/**
 * A process of its own that turns drawings into pictures. The renderer is native code that ends its process when it meets
 * something it cannot draw: here that ends this helper and not the server.
 */
type Request =
  | { id: number; kind: 'png'; svg: string; width: number | null }
  | { id: number; kind: 'look'; uri: string; width: number; height: number }

export type { Request as ImageRequest }

// Pictures come after whoever waits for an answer.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)

const draw = (svg: string, width: number | null) =>
  new Resvg(svg, {
    font: { loadSystemFonts: false },
    ...(width ? { fitTo: { mode: 'width' as const, value: width } } : {}),
  }).render()

/** Mean brightness (0 … 1) and a coarse fingerprint of a picture, 32 points wide. */
function look(uri: string, width: number, height: number): { brightness: number; print: string } {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" xlink:href="${uri}"/></svg>`
  const { pixels } = draw(svg, 32)
  let sum = 0
  let print = ''
  for (let i = 0; i < pixels.length; i += 4) {
    const value = (0.299 * pixels[i]! + 0.587 * pixels[i + 1]! + 0.114 * pixels[i + 2]!) / 255
    sum += value
    if ((i / 4) % 8 === 0) print += Math.round(value * 9)
  }
  return { brightness: (sum * 4) / pixels.length, print }
}

process.on('message', (request: Request) => {
  try {
    const result =
      request.kind === 'png'
        ? new Uint8Array(draw(request.svg, request.width).asPng())
        : look(request.uri, request.width, request.height)
    process.send?.({ id: request.id, result })
  } catch (error) {
    process.send?.({ id: request.id, error: error instanceof Error ? error.message : String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
