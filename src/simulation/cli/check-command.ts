import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import type { IntegrityReport } from '../schema.ts'
import { EventService } from '../service/event-service.ts'
import { ServiceError } from '../service/service-error.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { parseOptions, textOption } from './parse-options.ts'

export const checkOptions = { 'output-dir': { type: 'string' }, json: { type: 'boolean' } } as const

const ROWS: [string, (report: IntegrityReport) => number][] = [
  ['corrupted lines', ({ files }) => files.reduce((sum, file) => sum + file.corrupted, 0)],
  ['duplicates', ({ files }) => files.reduce((sum, file) => sum + file.duplicates, 0)],
  ['dangling causes', ({ dangling_causes: { count } }) => count],
  ['cycles', ({ cycles: { count } }) => count],
  ['order violations', ({ order_violations: count }) => count],
  ['dropped events', ({ dropped_total: count }) => count],
  ['lost events', ({ lost_total: count }) => count],
]

function describe(runId: string, report: IntegrityReport): string {
  const events = report.files.reduce((sum, file) => sum + file.valid, 0)
  const lines = [
    `${runId}: ${report.ok ? 'ok' : 'problems found'}, ${events} events in ${report.files.length} file${report.files.length === 1 ? '' : 's'}`,
  ]
  for (const [name, count] of ROWS) if (count(report) > 0) lines.push(`  ${name}: ${count(report)}`)
  for (const { file, line, reason } of report.problems) lines.push(`  ${file}:${line}: ${reason}`)
  return `${lines.join('\n')}\n`
}

/** `troupe simulate check`: the integrity of a run's event files. */
export async function checkCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, checkOptions, { min: 1, max: 1 })
  const runId = positionals[0]!
  const outputRoot = path.resolve(io.cwd, textOption(values, 'output-dir') ?? config.simulation.outputDir)
  const service = new EventService({ outputRoot })
  try {
    const report = await service.getIntegrity(runId)
    io.stdout.write(values['json'] ? `${JSON.stringify(report)}\n` : describe(runId, report))
    return report.ok ? EXIT.success : EXIT.integrity
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    io.stderr.write(`troupe simulate: ${error.message} in ${outputRoot}\n`)
    return EXIT.usage
  }
}
