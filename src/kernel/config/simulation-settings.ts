import { int, list, text } from './parsers.ts'
import { type SettingTable, setting } from './table.ts'

export const simulationSettings = {
  outputDir: setting({
    names: ['SIMULATION_OUTPUT_DIR'],
    schema: text(),
    fallback: 'output',
    doc: 'Folder of the simulation runs, one folder a run',
  }),
  implementationsDir: setting({
    names: ['SIMULATION_IMPLEMENTATIONS_DIR'],
    schema: text(),
    fallback: '.',
    doc: 'Folder that holds `implementations/` with own agents, engines and validators; default the current folder',
  }),
  maxRuns: setting({
    names: ['SIMULATION_MAX_RUNS'],
    schema: int(0, 1000),
    fallback: undefined as number | undefined,
    doc: 'Served simulations running at once on a host; default half the cores, at least 1; 0 leaves them to workers',
  }),
  env: setting({
    names: ['SIMULATION_ENV'],
    schema: list(),
    fallback: [] as string[],
    doc: 'Environment variables that references in a served configuration may use, comma separated',
  }),
} satisfies SettingTable
