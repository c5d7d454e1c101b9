import { z } from 'zod'
import { type RouteDef, type RouteRegistry, statusOf } from './route.ts'

type Json = Record<string, unknown>

const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as Json
  return rest
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function operation(module: string, def: RouteDef<any, any, any>, errorSchema: string): Json {
  const declared = new Set([...def.url.matchAll(/:(\w+)/g)].map((match) => match[1]!))
  const path = parameters(def.params, 'path')
  for (const name of declared)
    if (!path.some((parameter) => parameter['name'] === name))
      path.push({ name, in: 'path', required: true, schema: { type: 'string' } })
  if (def.url.includes('*')) path.push({ name: 'path', in: 'path', required: true, schema: { type: 'string' } })
  const replies = def.replies ?? { [statusOf(def)]: 'The answer' }
  const responses: Json = {}
  for (const [status, reply] of Object.entries(replies))
    responses[status] =
      typeof reply === 'string'
        ? { description: reply }
        : {
            description: 'The answer',
            content: { 'application/json': { schema: toSchema(reply as z.ZodType, 'output') } },
          }
  responses['default'] = { description: 'An error', content: { 'application/json': { schema: { $ref: errorSchema } } } }
  return {
    operationId: `${module}_${def.method.toLowerCase()}${def.url.replace(/[^A-Za-z0-9]+/g, '_')}`,
    summary: def.summary,
    tags: [def.tag ?? module],
    parameters: [...path, ...parameters(def.query, 'query')],
    ...(def.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: toSchema(def.body, 'input') } } } }
      : {}),
    responses,
    security: def.access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
    'x-access': def.access,
  }
}

/**
 * OpenAPI 3.1 of the given modules (all without), from the very declarations that serve the routes. `errorBody` is what their
 * presenter answers.
 */
export function openApiDocument(
  registry: RouteRegistry,
  title: string,
  version: string,
  modules?: readonly string[],
  errorBody?: z.ZodType,
): Json {
  const paths: Record<string, Json> = {}
  for (const { module, def } of registry) {
    if (modules && !modules.includes(module)) continue
    for (const url of [def.url, ...(def.aliases ?? [])]) {
      const path = url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')
      paths[path] = {
        ...paths[path],
        [def.method.toLowerCase()]: operation(module, { ...def, url }, '#/components/schemas/Error'),
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: { Error: errorBody ? toSchema(errorBody, 'output') : { type: 'object', additionalProperties: true } },
    },
  }
}
