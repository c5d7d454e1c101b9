import { systemCtx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { set } from '../engine/work.ts'
import { factsOfProject } from '../projects/project-store.ts'
import { resolveProject } from '../projects/resolve-project.ts'
import { changeIn } from '../workflow/change-workflow.ts'
import { clearWaiting } from '../workflow/create-workflow.ts'

const AUTO_MOVIE = 'auto_movie'

/** Workflows that had to start without their project take what Auto-Movie says of it, now that it answers. */
export async function refreshProjects(kernel: Kernel): Promise<void> {
  const { rows } = await kernel.db.query(
    `select workflow_id, project_id, priority from movies.workflows where status in ('running', 'paused') and view->'waiting_on' ? $1`,
    [AUTO_MOVIE],
  )
  for (const row of rows) {
    const ctx = systemCtx(kernel)
    const { row: project, outage } = await resolveProject(ctx, row['project_id'], row['priority']).catch(
      (error: unknown) => {
        // Started in good faith and unknown after all: it goes on as it was asked for.
        if (error instanceof AppError && error.code === 'PROJECT_NOT_FOUND') return { row: null, outage: false }
        throw error
      },
    )
    if (outage) return
    await kernel.db.transaction((tx) =>
      changeIn(tx, ctx, row['workflow_id'], (w) => {
        if (project)
          set(w, {
            project: factsOfProject(project),
            title: w.s.title === 'Untitled' ? project.data.title : w.s.title,
            description: w.s.description || project.data.description.slice(0, 2000),
            genre: w.s.genre ?? project.data.genre,
          })
        clearWaiting(AUTO_MOVIE)(w)
      }),
    )
  }
}
