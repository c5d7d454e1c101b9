// What a first visit loads and how soon something stands on the screen: Chromium with an empty cache, the home page of a running
// server; the floor is an empty page of the same server in the same browser, and React alone. Run: node bench/platform/web.ts [rounds]
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { launchBrowser } from '../../test/_browser.ts'
import { median, say } from '../run/rows.ts'
import { benchFolder, freePort, installationEnv, ROOT, startUp, stopUp, until } from './_up.ts'

const ROUNDS = Number(process.argv[2] ?? 7)
const dir = benchFolder()
const env = installationEnv(dir, await freePort(), { TROUPE_AGENTS: '1' })
const up = startUp(env)
await until(async () => (await fetch(`${up.url}/health`)).ok)
const browser = await launchBrowser()

async function visit(at: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const scripts: string[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(new URL(response.url()).pathname)
  })
  await page.goto(`${up.url}${at}`, { waitUntil: 'load' })
  const fcp = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const [entry] = performance.getEntriesByName('first-contentful-paint')
          if (entry) resolve(entry.startTime)
          else setTimeout(look, 10)
        }
        look()
      }),
  )
  await context.close()
  return { fcp, scripts }
}

const dist = path.join(ROOT, 'web/dist')
const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\/app\/(assets\/[^"]+\.js)"/g)].map((found) => found[1]!)
const gzipped = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(dist, file))).length, 0) / 1000
/** A page that only says hello, with React and nothing else, built by the same builder. */
async function reactAlone(): Promise<number> {
  const at = path.join(ROOT, 'web/.bench-react')
  fs.rmSync(at, { recursive: true, force: true })
  fs.mkdirSync(at)
  try {
    fs.writeFileSync(
      path.join(at, 'index.html'),
      '<div id="root"></div><script type="module" src="./main.js"></script>',
    )
    fs.writeFileSync(
      path.join(at, 'main.js'),
      "import { createRoot } from 'react-dom/client'\ncreateRoot(document.getElementById('root')).render('Hello')\n",
    )
    process.env['NODE_ENV'] = 'production'
    const { build } = await import('vite')
    await build({ root: at, configFile: false, logLevel: 'error', build: { outDir: path.join(dir, 'react') } })
    const assets = path.join(dir, 'react/assets')
    return (
      fs.readdirSync(assets).reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(assets, file))).length, 0) /
      1000
    )
  } finally {
    fs.rmSync(at, { recursive: true, force: true })
  }
}

await visit('/app/') // the browser itself warms up
const home: number[] = []
const empty: number[] = []
let loaded: string[] = []
for (let i = 0; i < ROUNDS; i++) {
  const seen = await visit('/app/')
  home.push(seen.fcp)
  loaded = seen.scripts
  empty.push((await visit('/health')).fcp)
}
say({
  what: 'script of the first load, gzipped',
  unit: 'kB',
  value: Number(gzipped(first).toFixed(1)),
  bar: { at: 'most', value: 200 },
  peer: { name: 'a page that says hello with React alone', value: Number((await reactAlone()).toFixed(1)) },
  note: `with what the home page then asks for: ${gzipped([...new Set(loaded.map((at) => at.replace('/app/', '')))]).toFixed(1)} kB in ${new Set(loaded).size} files`,
})
say({
  what: 'first contentful paint of the home page, empty cache',
  unit: 'ms',
  value: Math.round(median(home)),
  worst: Math.round(Math.max(...home)),
  bar: { at: 'most', value: 1_000 },
  peer: { name: 'a line of text from the same server', value: Math.round(median(empty)) },
})
await browser.close()
await stopUp(up)
fs.rmSync(dir, { recursive: true, force: true })
process.exit(0)
