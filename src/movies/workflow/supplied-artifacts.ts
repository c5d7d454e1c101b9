import type { FieldProblem } from '../../kernel/errors/app-error.ts'
import { ValidationError } from '../../kernel/errors/app-error.ts'
import { toContainer } from '../agents/normalise.ts'
import { ARTIFACT_NAMES, type ArtifactName, artifactKind, isArtifactName } from '../schema.ts'

/** Artifacts given as `custom_parameters.artifacts`, in their containers; every one that breaks its schema is named. */
export function parseSupplied(given: Record<string, unknown> | undefined) {
  const problems: FieldProblem[] = []
  const supplied: { name: ArtifactName; content: Record<string, unknown> }[] = []
  for (const [name, raw] of Object.entries(given ?? {})) {
    const field = `custom_parameters.artifacts.${name}`
    if (!isArtifactName(name)) {
      problems.push({ field, message: `is not an artifact; known are ${ARTIFACT_NAMES.slice(0, 6).join(', ')} …` })
      continue
    }
    const parsed = artifactKind(name).schema.safeParse(toContainer(name, raw))
    if (parsed.success) supplied.push({ name, content: parsed.data as Record<string, unknown> })
    else
      for (const issue of parsed.error.issues.slice(0, 5))
        problems.push({ field: [field, ...issue.path.map(String)].join('.'), message: issue.message })
  }
  if (problems.length > 0)
    throw new ValidationError(
      problems
        .slice(0, 3)
        .map((p) => `${p.field}: ${p.message}`)
        .join('; '),
      problems,
    )
  return supplied
}
