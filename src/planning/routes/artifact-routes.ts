import { z } from 'zod'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { ArtifactDefinition } from '../artifacts/definition.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import { EventPath, ListRisksQuery, ListTasksQuery, type Risk, type Task } from '../schema.ts'
import { changeEntry } from '../verbs/change-entry.ts'
import { listArtifacts, listVersions, readArtifact, readOfEvent, readVersion } from '../verbs/read-artifacts.ts'
import { saveArtifact } from '../verbs/save-artifact.ts'
import { created, etag, ifMatchOf } from './shared.ts'

const LOGS = ['ChangeLog', 'DecisionLog', 'AgentTrace']

/** Filters of list endpoints: query schema and test of one entry. */
const FILTERS: Partial<Record<ArtifactDefinition['type'], { query: z.ZodType; keep(item: any, query: any): boolean }>> =
  {
    TaskRegister: {
      query: ListTasksQuery,
      keep: (task: Task, query: z.infer<typeof ListTasksQuery>) =>
        (!query.status || task.status === query.status) &&
        (!query.owner || task.owner.toLowerCase() === query.owner.toLowerCase()),
    },
    RiskRegister: {
      query: ListRisksQuery,
      keep: (risk: Risk, query: z.infer<typeof ListRisksQuery>) =>
        (!query.status || risk.status === query.status) && (!query.min_rating || risk.rating >= query.min_rating),
    },
  }

/** Create, read and change of every artifact under its event (2.3–2.6), from the catalogue; the generic reads of 64–68. */
export function artifactRoutes(router: Pick<Router, 'add'>): void {
  for (const definition of DEFINITIONS) {
    if (definition.type === 'EventBrief' || LOGS.includes(definition.type)) continue
    const url = `/api/event-briefs/:id/${definition.path}`
    const many = definition.cardinality === 'many'
    router.add({
      method: 'POST',
      url,
      summary: many ? `Add a ${definition.title}` : `Write the ${definition.title}: a new version when there is one`,
      tag: definition.phase,
      access: 'write',
      params: EventPath,
      body: definition.input!,
      replies: { 201: definition.stored },
      handler: async (ctx, { params, request }) => {
        const stored = await saveArtifact(ctx, params.id, definition.type, request.body, {
          ifMatch: ifMatchOf(request),
        })
        return created(
          stored,
          many ? `/api/artifacts/${definition.type}/${stored.id}` : `/api/event-briefs/${params.id}/${definition.path}`,
        )
      },
    })
    const filter = FILTERS[definition.type]
    router.add({
      method: 'GET',
      url,
      summary: many ? `Every ${definition.title} of an event` : `The ${definition.title} of an event`,
      tag: definition.phase,
      access: 'read',
      params: EventPath,
      ...(filter ? { query: filter.query } : {}),
      replies: { 200: many ? z.array(definition.stored) : definition.stored },
      handler: async (ctx, { params, query }) => {
        const found = await readOfEvent(ctx, params.id, definition)
        if (!Array.isArray(found)) return new HttpReply(200, found, etag(found))
        return filter ? found.filter((item) => filter.keep(item, query)) : found
      },
    })
    if (!definition.patch || !many) continue
    router.add({
      method: 'PATCH',
      url: `${url}/:entryId`,
      summary: `Change a ${definition.title}`,
      tag: definition.phase,
      access: 'write',
      params: EventPath.extend({ entryId: z.string() }),
      body: definition.patch,
      replies: { 200: definition.stored },
      handler: async (ctx, { params, request }) => {
        const { id, entryId } = params
        const stored = await changeEntry(ctx, id, definition.type, entryId, request.body, ifMatchOf(request))
        return new HttpReply(200, stored, etag(stored))
      },
    })
  }
  const tag = 'artifacts'
  const Typed = z.object({ artifactType: z.string(), artifactId: z.string() })
  router.add({
    method: 'GET',
    url: '/api/event-briefs/:id/artifacts',
    summary: 'All artifacts of an event with version and validity',
    tag,
    access: 'read',
    params: EventPath,
    handler: (ctx, { params }) => listArtifacts(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: '/api/artifacts/schemas',
    summary: 'The catalogue: all artifact types with their JSON schema',
    tag,
    access: 'read',
    handler: async () => artifactSchemas(),
  })
  router.add({
    method: 'GET',
    url: '/api/artifacts/:artifactType/:artifactId',
    summary: 'One artifact by type and id',
    tag,
    access: 'read',
    params: Typed,
    handler: (ctx, { params }) => readArtifact(ctx, params.artifactType, params.artifactId),
  })
  router.add({
    method: 'GET',
    url: '/api/artifacts/:artifactType/:artifactId/versions',
    summary: 'Versions of an artifact, newest first',
    tag,
    access: 'read',
    params: Typed,
    handler: (ctx, { params }) => listVersions(ctx, params.artifactType, params.artifactId),
  })
  router.add({
    method: 'GET',
    url: '/api/artifacts/:artifactType/:artifactId/versions/:version',
    summary: 'One version of an artifact',
    tag,
    access: 'read',
    params: Typed.extend({ version: z.string() }),
    handler: (ctx, { params }) =>
      readVersion(
        ctx,
        params.artifactType,
        params.artifactId,
        /^\d{1,9}$/.test(params.version) ? Number(params.version) : 0,
      ),
  })
}

const jsonSchema = (schema: z.ZodType | null) =>
  schema ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : null

/** Endpoint 65, from the table; forms are built from `input_schema` and `patch_schema`. */
export const artifactSchemas = () =>
  DEFINITIONS.map(
    ({
      type,
      title,
      path,
      cardinality,
      schemaVersion,
      stored,
      input,
      patch,
      compatibility,
      storage,
      owner,
      phase,
    }) => ({
      artifact_type: type,
      schema_version: schemaVersion,
      json_schema: jsonSchema(stored),
      input_schema: jsonSchema(input),
      patch_schema: jsonSchema(patch),
      title,
      path,
      cardinality,
      compatibility,
      storage,
      owner,
      phase,
    }),
  )
