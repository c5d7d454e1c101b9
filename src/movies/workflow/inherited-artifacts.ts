import fs from 'node:fs/promises'
import path from 'node:path'
import type { Reader } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { NewWorkflow } from '../engine/create-workflow-state.ts'
import type { CreateWorkflow } from '../schema.ts'
import { artifactsRoot } from '../store/load-state.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'

/**
 * Artifacts of the project's earlier workflows that this type goes on with: of each name those of the workflow that made
 * it last. Only of the same project, and only what was not dropped.
 */
export async function inheritedArtifacts(
  kernel: Kernel,
  reader: Reader,
  input: CreateWorkflow,
): Promise<NewWorkflow['inherited']> {
  const { inherits } = WORKFLOWS[input.workflow_type]
  if (inherits.length === 0) return []
  const { rows } = await reader.query(
    `with latest as (
       select distinct on (a.name) a.name, a.workflow_id from movies.artifacts a join movies.workflows w using (workflow_id)
        where a.project_id = $1 and a.name = any ($2) and not a.dropped and a.origin <> 'inherited' and w.status <> 'cancelled'
        order by a.name, a.created_at desc)
     select distinct on (a.name, a.index) a.name, a.index, a.data, a.content, a.content_path
       from movies.artifacts a join latest l on l.name = a.name and l.workflow_id = a.workflow_id
      where not a.dropped order by a.name, a.index, a.version desc`,
    [input.project_id, inherits],
  )
  return Promise.all(
    rows.map(async (row) => ({
      name: row['name'],
      index: row['index'],
      content:
        row['content'] ??
        JSON.parse(await fs.readFile(path.join(artifactsRoot(kernel), row['content_path'] as string), 'utf8')),
      draft: row['data'].draft,
      generated_by: row['data'].generated_by,
    })),
  )
}

/** An episode needs its story and at least two people. */
export function requirePrerequisites(
  input: CreateWorkflow,
  supplied: NewWorkflow['supplied'],
  inherited: NewWorkflow['inherited'],
) {
  const have = new Map<string, Record<string, unknown>>()
  for (const { name, content } of [...inherited, ...supplied]) have.set(name, content)
  const missing = WORKFLOWS[input.workflow_type].prerequisites.filter((name) => {
    const content = have.get(name)
    if (!content) return true
    return name === 'character_profiles' && ((content['characters'] ?? []) as unknown[]).length < 2
  })
  if (missing.length > 0)
    throw new AppError(
      'MISSING_PREREQUISITES',
      `${missing.join(' and ')} missing: run a movie_creation workflow first, or give them in custom_parameters.artifacts`,
      { missing },
    )
}
