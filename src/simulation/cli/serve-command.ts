import fs from 'node:fs'
import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import { serveUi } from '../../kernel/http/static-ui.ts'
import { configureLogging } from '../loop/logging/logger.ts'
import { createServer } from '../routes/create-server.ts'
import { EventService } from '../service/event-service.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { intOption, parseOptions, textOption } from './parse-options.ts'

export const serveOptions = {
  port: { type: 'string' },
  host: { type: 'string' },
  'output-dir': { type: 'string' },
  'cors-origin': { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const

const UI_DIST = path.resolve(import.meta.dirname, '../../../web/dist')

/** `troupe simulate serve`: reads an output folder, no database. Ends on SIGINT or SIGTERM. */
export async function serveCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values } = parseOptions(argv, serveOptions, { min: 0, max: 0 })
  const outputRoot = path.resolve(io.cwd, textOption(values, 'output-dir') ?? config.simulation.outputDir)
  const host = textOption(values, 'host') ?? '127.0.0.1'
  const port = intOption(values, 'port', 0, 65535) ?? 8000
  const logger = configureLogging({ format: 'json', name: 'simulation.api', sink: io.stderr })
  const service = new EventService({ outputRoot, logger })
  const corsOrigins = (values['cors-origin'] ?? []) as string[]
  const app = await createServer(service, { corsOrigins, logger })
  if (fs.existsSync(path.join(UI_DIST, 'index.html'))) await serveUi(app, UI_DIST)
  const stopped = new Promise<void>((resolve) => {
    const release = io.onSignal(() => {
      release()
      resolve()
    })
  })
  await app.listen({ host, port })
  const address = app.server.address()
  const actual = typeof address === 'object' && address ? address.port : port
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${actual}`
  if (values['json']) io.stdout.write(`${JSON.stringify({ url, output_dir: outputRoot })}\n`)
  else io.stderr.write(`Serving ${outputRoot} at ${url}\n`)
  await stopped
  await app.close()
  return EXIT.success
}
