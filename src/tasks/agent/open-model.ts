import type { Config } from '../../kernel/config/load-config.ts'
import { detectAccess } from '../../kernel/models/access.ts'
import type { ModelGateway } from '../../kernel/models/gateway.ts'
import type { RecordedTurn } from '../../kernel/models/record-calls.ts'
import { runScope } from '../../kernel/models/run-scope.ts'
import { createSecrets } from '../../kernel/telemetry/secrets.ts'
import { secretsOfConfig } from '../../kernel/telemetry/secrets-of-config.ts'
import type { AgentLog } from './agent-log.ts'
import { readIdentity } from './identity.ts'
import type { ModelStep } from './run-step.ts'

const nameOf = (pair: string) => pair.split('=')[0]!

/** The model's way to work, when the settings name one. Nothing of the model library is loaded before the first step that needs it. */
export function openModel(config: Config, log: AgentLog): ModelStep | undefined {
  const { models, tasks } = config
  if (detectAccess(models).method === 'none' && models.cassetteDir === undefined) return undefined
  const { agentId, capabilities } = readIdentity(config)
  let opened: Promise<ModelGateway> | undefined
  const gateway = () =>
    (opened ??= import('../../kernel/models/gateway.ts').then(({ createModelGateway }) => {
      const parent = { ...log, child: () => parent } as never
      const { mask } = createSecrets(secretsOfConfig(config as never))
      const record = async (turn: RecordedTurn) => runScope.getStore()?.onTurn?.(turn)
      return createModelGateway({ settings: models, log: parent, mask, record })
    }))
  let step: Promise<ModelStep> | undefined
  return async (work) => {
    step ??= import('./model-step.ts').then(({ createModelStep }) =>
      createModelStep({
        gateway,
        agentId,
        capabilities,
        maxTurns: tasks.maxTurns,
        enableShell: tasks.enableShell,
        others: { a2a: config.core.a2aAgents.map(nameOf), mcp: config.core.mcpServers.map(nameOf) },
      }),
    )
    return (await step)(work)
  }
}
