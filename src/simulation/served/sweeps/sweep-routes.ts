import { HttpReply, type Router } from '../../../kernel/http/route.ts'
import * as schema from '../../schema.ts'
import { getSweep, listSweeps, sweepTable } from './read-sweep.ts'
import { startSweep } from './start-sweep.ts'
import { stopSweep } from './stop-sweep.ts'

const SWEEP = '/v1/sweeps/:id'
const tag = 'simulation'
const idOf = ({ params }: { params: unknown }): string => String((params as Record<string, string>)['id'])

/** Sweeps over parameters and seeds. */
export function sweepRoutes(router: Router): void {
  router.add({
    method: 'POST',
    url: '/v1/sweeps',
    summary: 'Run every combination of parameters and seeds, spread over all workers',
    tag,
    access: 'write',
    body: schema.StartSweep,
    replies: { 201: schema.Sweep },
    handler: (ctx, { body }) => startSweep(ctx, body),
  })
  router.add({
    method: 'GET',
    url: '/v1/sweeps',
    summary: 'Sweeps, newest first',
    tag,
    access: 'read',
    replies: { 200: schema.SweepList },
    handler: (ctx) => listSweeps(ctx),
  })
  router.add({
    method: 'GET',
    url: SWEEP,
    summary: 'One sweep with its table of results',
    tag,
    access: 'read',
    replies: { 200: schema.Sweep },
    handler: (ctx, { request }) => getSweep(ctx, idOf(request)),
  })
  router.add({
    method: 'GET',
    url: `${SWEEP}/results.csv`,
    summary: 'The table of a sweep as CSV',
    tag,
    access: 'read',
    replies: { 200: 'a file' },
    handler: async (ctx, { request }) =>
      new HttpReply(200, await sweepTable(ctx, idOf(request)), {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${idOf(request)}.csv"`,
      }),
  })
  router.add({
    method: 'POST',
    url: `${SWEEP}/stop`,
    summary: 'Stop the runs of a sweep that have not ended',
    tag,
    access: 'write',
    replies: { 202: schema.Sweep },
    handler: (ctx, { request }) => stopSweep(ctx, idOf(request)),
  })
}
