import { z } from 'zod'
import { definitionOf } from '../artifacts/definitions.ts'
import type { ArtifactType } from '../schema.ts'

/** What says nothing to whoever writes a body: limits nobody meets, marks of the forms. */
const NOISE = new Set(['$schema', 'maxLength', 'maxItems', 'minLength', 'pattern', 'x-ref', 'maximum', 'description'])
const isNoise = (key: string, value: unknown) => NOISE.has(key) || (key === 'minItems' && value === 0)

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !isNoise(key, inner))
      .map(([key, inner]) => [key, plain(inner)]),
  )
}

const shapes = new Map<ArtifactType, string>()

/** The body of an artifact as an agent writes it, as a JSON Schema without what only forms need. */
export function shapeOf(type: ArtifactType): string {
  const known = shapes.get(type)
  if (known) return known
  const { input } = definitionOf(type)
  const shape = input ? JSON.stringify(plain(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }))) : '{}'
  shapes.set(type, shape)
  return shape
}
