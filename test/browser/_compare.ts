import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = path.join(import.meta.dirname, '_snapshots')

/** Share of pixels that differ by more than a tenth in any channel; 1 when the sizes differ. Runs in the page's browser. */
const DIFFERENCE = `async ([one, other]) => {
  const read = async (data) => {
    const image = new Image()
    image.src = 'data:image/png;base64,' + data
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    return context.getImageData(0, 0, image.width, image.height)
  }
  const [a, b] = [await read(one), await read(other)]
  if (a.width !== b.width || a.height !== b.height) return 1
  let different = 0
  for (let at = 0; at < a.data.length; at += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 25)) different += 1
  return different / (a.width * a.height)
}`

/**
 * How far the page is from its kept picture, as a share of its pixels. With LOOKS=update the picture is kept anew and the answer is 0; a missing
 * one is kept as well, since there is nothing to compare with.
 */
export async function differenceFrom(page: Page, name: string, fullPage: boolean): Promise<number> {
  const shot = await page.screenshot({ fullPage, animations: 'disabled', caret: 'hide' })
  const file = path.join(FOLDER, `${name}.png`)
  if (process.env.LOOKS === 'update' || !fs.existsSync(file)) {
    fs.mkdirSync(FOLDER, { recursive: true })
    fs.writeFileSync(file, shot)
    return 0
  }
  const pair = [fs.readFileSync(file).toString('base64'), shot.toString('base64')]
  const blank = await page.context().newPage() // no content policy of the product in the way
  try {
    return await blank.evaluate<number>(`(${DIFFERENCE})(${JSON.stringify(pair)})`)
  } finally {
    await blank.close()
  }
}
