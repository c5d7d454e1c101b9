import fs from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/**
 * A headless Chromium: CHROMIUM_PATH when set, else the one that comes with the development dependencies (Linux x64).
 * The caller closes it. It unpacks once into a folder of its own, since it trusts any file of that name it finds.
 */
export async function launchBrowser(args: string[] = []): Promise<Browser> {
  if (process.env.CHROMIUM_PATH) return chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args })
  const folder = path.resolve(import.meta.dirname, '..', '.cache', 'chromium-153.0.0')
  fs.mkdirSync(folder, { recursive: true })
  const executablePath = await bundledChromium(folder)
  return chromium.launch({ executablePath, args, env: { ...process.env, FONTCONFIG_FILE: writeFontConfig(folder) } })
}

async function bundledChromium(folder: string): Promise<string> {
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV }
  process.env.TMPDIR = folder
  // Read on import: makes it unpack its own NSS libraries and set the library path.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs24.x'
  try {
    const { default: sparticuz } = await import('@sparticuz/chromium')
    return await sparticuz.executablePath()
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** Its own font list names folders of another machine; without any font Chromium draws no text, not even with web fonts. */
function writeFontConfig(folder: string): string {
  const file = path.join(folder, 'fonts.conf')
  const dirs = [path.join(folder, 'fonts'), '/usr/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('')
  const cache = `<cachedir>${path.join(folder, 'fonts-cache')}</cachedir>`
  const text = `<?xml version="1.0"?><fontconfig>${dirs}${cache}</fontconfig>\n`
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text)
  return file
}
