import fs from 'node:fs'
import { createRequire, registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const SPECIFIER = 'troupe/simulation'
const EXPORTS_URL = 'troupe-simulation:exports'
const SHARED = Symbol.for('troupe.simulation.exports')

const nativeImport = createRequire(import.meta.url)('./native-import.cjs') as (
  url: string,
) => Promise<Record<string, unknown>>

/** Files of implementations folders and what they import relatively: always ES modules, types stripped. */
const componentUrls = new Set<string>()
let installed = false

/** What `import … from 'troupe/simulation'` gives: the running product itself, so there is one BaseAgent. */
async function provideExports(): Promise<void> {
  ;(globalThis as any)[SHARED] ??= await import('../../sdk.ts')
}

function exportsSource(): string {
  const names = Object.keys((globalThis as any)[SHARED] ?? {}).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name))
  const lines = names.map((name) => `export const ${name} = shared[${JSON.stringify(name)}]`)
  return `const shared = globalThis[Symbol.for('troupe.simulation.exports')]\n${lines.join('\n')}\n`
}

const isRelative = (specifier: string) => /^(\.{1,2}\/|\/|file:)/.test(specifier)

function install(): void {
  if (installed) return
  installed = true
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === SPECIFIER) return { url: EXPORTS_URL, format: 'module', shortCircuit: true }
      const resolved = next(specifier, context)
      const isComponentPart =
        context.parentURL !== undefined && componentUrls.has(context.parentURL) && isRelative(specifier)
      if (isComponentPart) componentUrls.add(resolved.url)
      return resolved
    },
    load(url, context, next) {
      if (url === EXPORTS_URL) return { format: 'module', source: exportsSource(), shortCircuit: true }
      if (!componentUrls.has(url) || !/\.(js|mjs|ts|mts)$/.test(url)) return next(url, context)
      const text = fs.readFileSync(fileURLToPath(url), 'utf8')
      const source = /ts$/.test(url) ? stripTypeScriptTypes(text) : text
      return { format: 'module', source, shortCircuit: true }
    },
  })
}

/** Loads one component file. Loading it again gives the same module. */
export async function importComponentFile(file: string): Promise<Record<string, unknown>> {
  await provideExports()
  install()
  const { href } = pathToFileURL(file)
  componentUrls.add(href)
  return nativeImport(href)
}
