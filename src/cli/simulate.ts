import { processIo as simulateIo } from '../simulation/cli/io.ts'
import { simulateCommand } from '../simulation/cli/simulate-command.ts'
import { buildUiIfStale } from './build-ui.ts'
import type { Io } from './io.ts'

/** `troupe simulate`. `serve` shows the screens too, so they are built first; without them it still serves the API. */
export async function simulate(argv: string[], io: Io): Promise<number> {
  if (argv[0] === 'serve' && !argv.some((word) => word === '--help' || word === '-h'))
    try {
      await buildUiIfStale(io)
    } catch (error) {
      io.err(`The screens could not be built, the API is served without them: ${(error as Error).message}`)
    }
  return simulateCommand(argv, simulateIo(io.env))
}
