import type { Kernel } from '../../kernel/kernel.ts'
import { agentTitle, ROSTER } from '../agents/roster.ts'
import { VERSION_OF_BUILTINS } from './versions.ts'

/** Registers the 55 built-in agents that are not there yet. Repeating it changes nothing that an operator has set. */
export async function seedBuiltins(kernel: Kernel): Promise<void> {
  const rows = ROSTER.map((agent) => ({
    agent_id: agent.id,
    agent_type: agent.type,
    capabilities: [agent.id],
    endpoint: `builtin:${agent.id}`,
    data: {
      name: agentTitle(agent.id),
      description: `${agent.department}; makes ${agent.produces.join(', ').replaceAll('_', ' ')}`,
      specializations: [],
      configuration: {},
      resource_requirements: { cpu_cores: 0.1, memory_gb: 0.1, gpu_memory_gb: 0, storage_gb: 0 },
      version: VERSION_OF_BUILTINS,
    },
  }))
  await kernel.db.query(
    `insert into movies.agents (agent_id, agent_type, capabilities, transport, endpoint_url, health_check_url, max_concurrent_tasks, status, builtin, data, health,
        last_heartbeat)
     select r.agent_id, r.agent_type, r.capabilities, 'builtin', r.endpoint, r.endpoint, $2, 'available', true, r.data,
        jsonb_build_object('status', 'healthy', 'last_check', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'response_time', 0,
                           'error_message', null, 'message', 'built in', 'details', '{}'::jsonb), now()
       from jsonb_to_recordset($1::jsonb) as r (agent_id text, agent_type text, capabilities text[], endpoint text, data jsonb)
     on conflict (agent_id) do nothing`,
    [JSON.stringify(rows), kernel.config.movies.maxTasksPerAgent],
  )
}
