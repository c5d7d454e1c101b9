import type { Io } from './io.ts'

const HELP = `troupe agent

Runs one HTTP agent of pool tasks that registers with ORCHESTRATOR_URL. Settings: AGENT_ID, AGENT_PORT, AGENT_CAPABILITIES,
AGENT_BASE_URL, AGENT_TOKEN (see docs/configuration.md).`

export async function agent(argv: string[], io: Io): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    io.out(HELP)
    return 0
  }
  await import(new URL('../tasks/agent/main.ts', import.meta.url).href)
  return 0
}
