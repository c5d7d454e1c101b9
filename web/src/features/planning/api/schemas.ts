import { useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type { FormSchema } from '../../../components/schema-form-rules.ts'

/** One row of the catalogue: what a form of the type asks for, and where it is sent. */
export type ArtifactKind = {
  artifact_type: string
  title: string
  path: string
  cardinality: 'one' | 'many'
  input_schema: FormSchema | null
  patch_schema: FormSchema | null
}

/** The catalogue of artifact types, read once. */
export function useArtifactKinds(enabled: boolean) {
  return useQuery({
    queryKey: ['planning', 'schemas'],
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => api<ArtifactKind[]>('/api/artifacts/schemas'),
  })
}
