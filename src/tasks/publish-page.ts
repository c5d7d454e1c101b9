import fs from 'node:fs'
import path from 'node:path'
import type { Assignment } from '../kernel/agents/plan-types.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { openSandbox } from '../kernel/tools/sandbox.ts'
import { artifactsRoot } from './folders.ts'
import { renderResultPage } from './pages/result-page.ts'

export type PageContent = {
  attempt: number
  html: string
  executionTime: number
  data: Record<string, unknown>
  summary: string
}

/** `{task_id}_{YYYYMMDD_HHMMSS}`, stamped when the first subtask finishes (C14). */
async function resultFolder(kernel: Kernel, taskId: string): Promise<string> {
  const stamp = new Date(kernel.clock.now()).toISOString().replace(/\D/g, '')
  const known = await kernel.db.query('select result_folder from tasks.tasks where id = $1', [taskId])
  if (known.rows[0]?.['result_folder']) return known.rows[0]['result_folder']
  const { rows } = await kernel.db.query(
    'update tasks.tasks set result_folder = coalesce(result_folder, $2) where id = $1 returning result_folder',
    [taskId, `${taskId}_${stamp.slice(0, 8)}_${stamp.slice(8, 14)}`],
  )
  return rows[0]?.['result_folder'] ?? `${taskId}_${stamp.slice(0, 8)}_${stamp.slice(8, 14)}`
}

/** Publishes the HTML page of a subtask and returns its path below the artifacts. Repeating it replaces the page. */
export async function publishPage(kernel: Kernel, assignment: Assignment, content: PageContent): Promise<string> {
  const folder = await resultFolder(kernel, assignment.subject)
  const agent = assignment.agent_id ?? 'agent'
  const name = `${assignment.key}_${agent}.html`.replace(/[^A-Za-z0-9_.-]/g, '_')
  const root = path.join(artifactsRoot(kernel.config), 'results', folder)
  await fs.promises.mkdir(root, { recursive: true })
  const page = renderResultPage({
    taskId: assignment.subject,
    subtaskId: assignment.key,
    agentId: agent,
    executionTime: content.executionTime,
    timestamp: new Date(kernel.clock.now()),
    result: content.html,
  })
  // Measuring the folder for each page would cost the square of their number.
  await (await openSandbox({ root, maxRootBytes: Number.POSITIVE_INFINITY })).write(name, page)
  return `artifacts/results/${folder}/${name}`
}
