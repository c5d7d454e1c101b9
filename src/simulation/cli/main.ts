// Runs the simulation commands without the rest of the product: node src/simulation/cli/main.ts run examples/economy.yaml
import { processEnvironment } from '../../kernel/config/load-config.ts'
import { processIo } from './io.ts'
import { simulateCommand } from './simulate-command.ts'

process.exitCode = await simulateCommand(process.argv.slice(2), processIo(processEnvironment()))
