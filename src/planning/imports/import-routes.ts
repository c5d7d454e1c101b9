import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { EventPath } from '../schema.ts'
import { loadBoard } from '../store/load-board.ts'
import { requireEventAccess } from '../verbs/access.ts'
import { previewBudget, previewGuests } from './preview-import.ts'
import { acceptTables, readTableFile, type TableFile } from './read-file.ts'

const IMPORTS = [
  {
    name: 'budget',
    summary: 'Cost lines of a CSV or XLSX file and their problems; nothing is stored',
    preview: previewBudget,
  },
  {
    name: 'guests',
    summary: 'Guests of a CSV or XLSX file and their problems; nothing is stored',
    preview: previewGuests,
  },
] as const

/** Previews of tables for an event: a multipart file, or the table as the body. */
export function importRoutes(routes: Pick<Router, 'add'>, kernel: Kernel, app: FastifyInstance): void {
  acceptTables(app)
  for (const { name, summary, preview } of IMPORTS)
    routes.add({
      method: 'POST',
      url: `/api/event-briefs/:id/imports/${name}`,
      summary,
      tag: 'imports',
      access: 'write',
      params: EventPath,
      body: z.custom<TableFile>(),
      readBody: readTableFile,
      fingerprint: (file) => Buffer.from((file as TableFile).bytes).toString('base64'),
      handler: async (ctx, { params, body }) => {
        const board = await loadBoard(kernel.db, params.id, new Date(kernel.clock.now()))
        requireEventAccess(ctx.actor, board)
        return { event_brief_id: params.id, applied: false, ...(await preview(body.name, body.bytes)) }
      },
    })
}
