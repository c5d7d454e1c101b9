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

/** Folders named lately, or about to be: a folder's name never changes once it is stored. */
const named = new Map<string, Promise<string>>()
const MAX_NAMED = 1_000

/** `{task_id}_{YYYYMMDD_HHMMSS}`, stamped when the first subtask finishes (C14). Steps that end together ask once. */
function resultFolder(kernel: Kernel, taskId: string): Promise<string> {
  const known = named.get(taskId)
  if (known) return known
  if (named.size >= MAX_NAMED) named.clear()
  const name = nameFolder(kernel, taskId)
  named.set(taskId, name)
  name.catch(() => named.delete(taskId))
  return name
}

async function nameFolder(kernel: Kernel, taskId: string): Promise<string> {
  const stamp = new Date(kernel.clock.now()).toISOString().replace(/\D/g, '')
  const name = `${taskId}_${stamp.slice(0, 8)}_${stamp.slice(8, 14)}`
  await kernel.db.query('update tasks.tasks set result_folder = $2 where id = $1 and result_folder is null', [
    taskId,
    name,
  ])
  const { rows } = await kernel.db.query('select result_folder from tasks.tasks where id = $1', [taskId])
  return rows[0]?.['result_folder'] ?? name // the task was removed meanwhile
}

/** Publishes the HTML page of a subtask and returns its path below the artifacts. Repeating it replaces the page. */
export async function publishPage(kernel: Kernel, assignment: Assignment, content: PageContent): Promise<string> {
  const folder = await resultFolder(kernel, assignment.subject)
  const agent = assignment.agent_id ?? 'agent'
  const name = `${assignment.key}_${agent}.html`.replace(/[^A-Za-z0-9_.-]/g, '_')
  const root = path.join(artifactsRoot(kernel.config), 'results', folder)
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
