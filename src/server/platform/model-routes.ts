import fs from 'node:fs/promises'
import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import { ModelError } from '../../kernel/models/errors.ts'
import { models } from '../../kernel/models/part.ts'
import { defineProfile } from '../../kernel/models/profile.ts'

const TEST = defineProfile('test', { maxTokens: 64, retries: 0, useBackup: false, timeoutMs: 20_000 })

const Status = z.object({
  configured: z.boolean(),
  method: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  reachable: z.boolean().nullable(),
  last_failure: z.object({ code: z.string(), message: z.string(), at: z.string() }).nullable(),
  suggestion: z.string().nullable(),
  recording: z.object({ folder: z.string(), mode: z.string(), calls: z.number() }).nullable(),
  budget: z.object({ usd: z.number().nullable(), tokens: z.number().nullable() }),
})

export function modelRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/model',
    summary: 'Which model works here, whether calls are recorded or replayed, and what a run may spend',
    tag: 'model',
    access: 'read',
    replies: { 200: Status },
    handler: async ({ kernel }) => {
      const status = kernel.use(models).status()
      const { cassetteDir, cassetteMode, budgetUsd, budgetTokens } = kernel.config.models
      const recorded = cassetteDir
        ? (await fs.readdir(cassetteDir).catch(() => [] as string[])).filter((name) => name.endsWith('.json')).length
        : 0
      return {
        configured: status.configured,
        method: status.method,
        provider: status.provider ?? null,
        model: status.model ?? null,
        reachable: status.reachable ?? null,
        last_failure: status.lastFailure ?? null,
        suggestion: status.suggestion ?? null,
        recording: cassetteDir ? { folder: cassetteDir, mode: cassetteMode, calls: recorded } : null,
        budget: { usd: budgetUsd ?? null, tokens: budgetTokens ?? null },
      }
    },
  })
  router.add({
    method: 'POST',
    url: '/v1/model/test',
    summary: 'Ask the model one short question now',
    tag: 'model',
    access: 'admin',
    replies: {
      200: z.object({
        ok: z.boolean(),
        answer: z.string().nullable(),
        model: z.string().nullable(),
        duration_ms: z.number(),
        code: z.string().nullable(),
        message: z.string().nullable(),
        suggestion: z.string().nullable(),
      }),
    },
    handler: async ({ kernel }) => {
      const started = kernel.clock.now()
      const took = () => kernel.clock.now() - started
      try {
        const { text, trace } = await kernel.use(models).generate<string>({
          role: 'A test of the connection',
          instructions: 'Answer with the single word: ready',
          input: 'Are you there? One word is enough.',
          profile: TEST,
        })
        return {
          ok: true,
          answer: text.slice(0, 200),
          model: trace.model,
          duration_ms: took(),
          code: null,
          message: null,
          suggestion: null,
        }
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        return {
          ok: false,
          answer: null,
          model: null,
          duration_ms: took(),
          code: error.code,
          message: kernel.mask(error.message),
          suggestion: error.suggestion ?? null,
        }
      }
    },
  })
}
