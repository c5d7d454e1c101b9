// What an agent process does; started by main.ts.
import { allowedSecrets } from '../../kernel/config/allowed-secrets.ts'
import { ConfigError, loadConfig } from '../../kernel/config/load-config.ts'
import { createAgentLog } from './agent-log.ts'
import { openModel } from './open-model.ts'
import { startAgent } from './start-agent.ts'

const EXIT_UNUSABLE = 2
const EXIT_ENDED = 3
const PARENT_CHECK_MS = 500

// `--warm` only loads every source, so that Node's compile cache holds it.
if (process.argv.includes('--warm')) {
  const { loadSkillParts } = await import('../skills/load-parts.ts')
  await loadSkillParts()
  process.exit(0)
}

try {
  const config = loadConfig()
  const log = createAgentLog(config.core.logLevel)
  let stopping = false
  const end = (code: number, drainMs?: number) => {
    if (stopping) return
    stopping = true
    void agent.stop(drainMs).finally(() => process.exit(code))
  }
  const agent = await startAgent({
    config,
    log,
    model: openModel(config, log),
    secrets: allowedSecrets(config.tasks.secretNames),
    onEnd: (why) => {
      log.warn({ agent: config.tasks.agentId, why }, 'the agent ends')
      end(EXIT_ENDED, 0)
    },
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0))
  // A supervisor that was killed cannot stop its children; they must not keep its ports.
  const parent = process.ppid
  if (config.tasks.agentSupervised)
    setInterval(() => process.ppid === parent || end(EXIT_ENDED, 0), PARENT_CHECK_MS).unref()
  log.info({ agent: agent.agentId, url: agent.url }, 'listening')
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(error instanceof ConfigError ? EXIT_UNUSABLE : 1)
}
