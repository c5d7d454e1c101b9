import { z } from 'zod'
import { TroupeEvent } from '../../kernel/events/schema.ts'
import { whyOf } from '../../kernel/events/why.ts'
import type { Router } from '../../kernel/http/route.ts'
import { relate } from './why-relations.ts'
import { WHY_SIMULATION, whySimulationEvent } from './why-simulation.ts'
import { resolveWhy, WHY_KINDS } from './why-subjects.ts'

const Near = z.array(z.object({ id: z.string(), depth: z.number() }))

export function whyRoutes(router: Router): void {
  router.add({
    method: 'GET',
    url: '/v1/why',
    summary: 'Why any row is as it is, and what came of it, across domains',
    tag: 'events',
    access: 'read',
    query: z.object({
      kind: z.enum([WHY_SIMULATION, ...WHY_KINDS]),
      /** Of an artifact: `id` or `id@version`; of a file: `workflow or task/path`; of a simulation event: `run/event`. */
      id: z.string().min(1).max(600),
      depth: z.coerce.number().int().min(1).max(100).default(8),
    }),
    replies: {
      200: z.object({
        subject: z.object({ kind: z.string(), id: z.string(), title: z.string(), href: z.string().nullable() }),
        anchors: z.array(z.string()),
        events: z.array(TroupeEvent),
        edges: z.array(z.object({ from: z.string(), to: z.string(), implied: z.boolean() })),
        causes: Near,
        effects: Near,
        domains: z.array(z.string()),
      }),
    },
    handler: async ({ kernel }, { query: { kind, id, depth } }) => {
      if (kind === WHY_SIMULATION) return whySimulationEvent(kernel, id, depth)
      const { events, ...subject } = await resolveWhy(kernel.db, kind, id)
      return { subject, ...(await whyOf(kernel.db, events, depth, relate)) }
    },
  })
}
