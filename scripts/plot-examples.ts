// Runs the example simulations and draws the pictures of docs/examples. `node scripts/plot-examples.ts` writes them; a test
// compares them byte for byte.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { plotRuns } from '../src/simulation/analysis/plot-run.ts'
import { silentLogger } from '../src/simulation/loop/logging/logger.ts'
import { Orchestrator } from '../src/simulation/loop/run/orchestrator.ts'
import { EventService } from '../src/simulation/service/event-service.ts'

const root = path.resolve(import.meta.dirname, '..')

/** Every example with the variables of its picture, a panel each. */
export const EXAMPLES = {
  economy: { title: 'Three nations at 5 % interest', panels: [['economic_strength']] },
  trading: { title: 'Asking prices and goods eaten', panels: [['price'], ['eaten_today']] },
  epidemic: { title: 'Sixty people on a grid', panels: [['susceptible', 'infected', 'recovered']] },
  'supply-network': {
    title: 'Orders grow on their way up the chain',
    panels: [['market.ordered', 'east.ordered', 'factory.ordered', 'demand'], ['backlog']],
  },
} as const
export type ExampleName = keyof typeof EXAMPLES

export const pictureOf = (name: ExampleName): string => path.join(root, 'docs/examples', `${name}.svg`)

/** Runs an example as its page says; overrides are settings to change. */
export async function runExample(name: ExampleName, outputRoot: string, change?: (config: any) => void) {
  const implementationsRoot = path.join(root, 'examples')
  const options = { outputRoot, implementationsRoot, logger: silentLogger, runId: name }
  const file = path.join(implementationsRoot, `${name}.yaml`)
  if (!change) {
    const run = await Orchestrator.fromYaml(file, options)
    return run.run()
  }
  const { yamlMap } = await import('../src/simulation/loop/config/yaml-source.ts')
  const config = yamlMap(fs.readFileSync(file, 'utf8'))
  change(config)
  return new Orchestrator(config, { ...options, baseDir: implementationsRoot }).run()
}

export const drawExample = (name: ExampleName, outputRoot: string): Promise<string> =>
  plotRuns(new EventService({ outputRoot }), [name], EXAMPLES[name].panels, EXAMPLES[name].title)

if (import.meta.main) {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-examples-'))
  try {
    for (const name of Object.keys(EXAMPLES) as ExampleName[]) {
      await runExample(name, out)
      fs.writeFileSync(pictureOf(name), await drawExample(name, out))
      console.log(path.relative(root, pictureOf(name)))
    }
  } finally {
    fs.rmSync(out, { recursive: true, force: true })
  }
}
