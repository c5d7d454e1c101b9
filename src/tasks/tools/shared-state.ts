import { z } from 'zod'
import { getState, putState } from '../../kernel/agents/shared-state.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { StateKey } from '../schema.ts'
import type { TaskToolContext } from './context.ts'

export const getSharedState = defineTool<{ key: string }, unknown, TaskToolContext>({
  name: 'get_shared_state',
  aliases: ['get_shared_data'],
  title: 'Read shared state',
  description: 'A value another step of this task shared.',
  input: z.object({ key: StateKey }),
  touches: ['state'],
  approval: 'never',
  async run({ kernel, assignment }, { key }) {
    const found = await getState(kernel.db, assignment.subject, key)
    return found ? { key, value: found.value, expires_at: found.expires_at.toISOString() } : 'no data'
  },
})

export const setSharedState = defineTool<{ key: string; value: unknown; ttl: number }, unknown, TaskToolContext>({
  name: 'set_shared_state',
  aliases: ['share_data'],
  title: 'Share a value',
  description: 'Shares a value with the other steps of this task.',
  input: z.object({
    key: StateKey,
    value: z.unknown(),
    ttl: z.number().int().min(1).max(86_400).default(3600),
  }) as never,
  touches: ['state'],
  approval: 'never',
  async run({ kernel, assignment }, { key, value, ttl }) {
    const expires = await putState(kernel.db, assignment.subject, key, value, ttl, assignment.agent_id ?? 'agent')
    return { key, stored: true, expires_at: expires.toISOString() }
  },
})
