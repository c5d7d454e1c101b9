// One agent process: `node src/tasks/agent/main.ts` with AGENT_ID, AGENT_PORT, AGENT_TOKEN, ORCHESTRATOR_URL … (contract 6.3).
// An agent must stay small: zod brings its messages in all languages, of which one is used. They were a tenth of its memory.
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.endsWith('/locales/index.js') && context.parentURL?.includes('/zod/')
        ? specifier.replace(/index\.js$/, 'en.js')
        : specifier,
      context,
    ),
})

await import('./run-agent.ts')
