import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { created } from '../routes/shared.ts'
import { BudgetImportInput, EventPath, GuestImportInput, GuestList, ImportRecord } from '../schema.ts'
import { loadBoard } from '../store/load-board.ts'
import { isOnlyViewer, requireEventAccess } from '../verbs/access.ts'
import { applyBudget, applyGuests, listImports, readGuests, undoImport } from './apply-import.ts'
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
  const one = '/api/event-briefs/:id'
  const tag = 'imports'
  routes.add({
    method: 'POST',
    url: `${one}/imports/budget/apply`,
    summary: 'Make previewed budget rows the cost lines of the event',
    tag,
    access: 'write',
    params: EventPath,
    body: BudgetImportInput,
    replies: { 201: ImportRecord },
    handler: async (ctx, { params, body }) =>
      created(await applyBudget(ctx, params.id, body), `${one.replace(':id', params.id)}/imports`),
  })
  routes.add({
    method: 'POST',
    url: `${one}/imports/guests/apply`,
    summary: 'Keep a previewed guest list; its number becomes the size of the event',
    tag,
    access: 'write',
    params: EventPath,
    body: GuestImportInput,
    replies: { 201: ImportRecord },
    handler: async (ctx, { params, body }) =>
      created(await applyGuests(ctx, params.id, body), `${one.replace(':id', params.id)}/guests`),
  })
  routes.add({
    method: 'GET',
    url: `${one}/imports`,
    summary: 'Imports of an event, oldest first',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: z.array(ImportRecord) },
    handler: (ctx, { params }) => listImports(ctx, params.id),
  })
  routes.add({
    method: 'POST',
    url: `${one}/imports/:importId/undo`,
    summary: 'Take an import back while nothing was changed since',
    tag,
    access: 'write',
    params: EventPath.extend({ importId: z.string() }),
    replies: { 200: ImportRecord },
    handler: (ctx, { params }) => undoImport(ctx, params.id, params.importId),
  })
  routes.add({
    method: 'GET',
    url: `${one}/guests`,
    summary: 'The guest list with the number of each diet',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: GuestList },
    handler: async (ctx, { params }) => {
      if (isOnlyViewer(ctx.actor))
        throw new AppError('FORBIDDEN', 'Guest lists hold addresses: they are readable by all roles but Viewer')
      return readGuests(ctx, params.id)
    },
  })
}
