// A task at a terminal: its steps while they work, its result when it has ended. Pure.
import { SUBTASK_ERRORS, subTaskErrorCode, type Task } from '../../tasks/schema.ts'
import type { TaskDownload } from './files.ts'
import { printData } from './print-data.ts'

const MARK: Record<string, string> = {
  completed: '✓',
  failed: '✗',
  running: '●',
  queued: '○',
  pending: '·',
  blocked: '⊘',
  cancelled: '–',
}
const WAITS: Record<string, string> = {
  agents_busy: 'waits for a free agent',
  no_capable_agent: 'no agent can do this: start one',
}
const cut = (text: string, at: number) => (text.length > at ? `${text.slice(0, at - 1)}…` : text)

const seconds = (task: Task) =>
  `${(task.result?.wall_time ?? (Date.parse(task.updated_at) - Date.parse(task.created_at)) / 1000).toFixed(1)} s`

/** One line for the task, one for each step. */
export function drawProgress(task: Task): string {
  const { completed, total, percent } = task.progress
  const head = `${task.status.replace('_', ' ')} · ${completed} of ${total} steps · ${Math.round(percent)} %`
  const lines = task.subtasks.map((step) => {
    const who = step.assigned_agent ? `  ${step.assigned_agent}` : ''
    const again = step.attempts > 1 ? `, attempt ${step.attempts}` : ''
    const waits = step.waiting_reason ? `  ${WAITS[step.waiting_reason] ?? step.waiting_reason}` : ''
    return `  ${MARK[step.status] ?? '?'} ${cut(step.description.replaceAll(/\s+/g, ' '), 72)}${who}${again}${waits}`
  })
  return [head, ...lines].join('\n')
}

/** Steps that no other step used: what they found is the result. */
function lastSteps(task: Task): string[] {
  const used = new Set(task.subtasks.flatMap(({ dependencies }) => dependencies))
  return task.subtasks.map(({ id }) => id).filter((id) => !used.has(id))
}

const size = (bytes: number | undefined) =>
  bytes === undefined ? '' : `  (${bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`})`

/** The result of a completed task: what its last steps say and found. */
export function printResult(task: Task): string {
  const results = new Map(task.result?.subtask_results.map((one) => [one.subtask_id, one]))
  const blocks = lastSteps(task).map((id) => {
    const output = results.get(id)?.output
    const data = output?.result_ref ? String(output.preview ?? '') : printData(output?.data ?? {})
    return [output?.summary ?? '', data].filter(Boolean).join('\n')
  })
  return [`✓ ${task.result?.summary ?? 'Completed'} in ${seconds(task)}`, ...blocks].join('\n\n')
}

/** Where pages and downloads are; the vector of a chart is named, its picture is beside it. */
export function printDownloads(downloads: readonly TaskDownload[], base: string): string {
  const titles = { page: 'Pages', chart: 'Charts', file: 'Files' } as const
  return (Object.keys(titles) as (keyof typeof titles)[])
    .map((kind) => {
      const all = downloads.filter((one) => one.kind === kind)
      const names = new Set(all.map(({ name }) => name))
      const shown = all.filter(
        ({ name }) => kind !== 'chart' || !names.has(name.replace(/\.png$/, '.svg')) || name.endsWith('.svg'),
      )
      return shown.length === 0
        ? ''
        : [titles[kind], ...shown.map((one) => `  ${base}${one.at}${size(one.size)}`)].join('\n')
    })
    .filter(Boolean)
    .join('\n')
}

/** Why a task did not complete: each failed step with its reason and what to do. */
export function printFailure(task: Task, errors: ReadonlyMap<string, string>): string {
  if (task.status === 'cancelled') return `– Cancelled after ${seconds(task)}`
  const failed = task.subtasks.filter(({ status }) => status === 'failed')
  const blocked = task.subtasks.filter(({ status }) => status === 'blocked')
  const lines = failed.map((step) => {
    const error = errors.get(step.id) ?? task.error ?? 'unknown'
    return `✗ ${cut(step.description, 72)}\n  ${error}\n  What to do: ${SUBTASK_ERRORS[subTaskErrorCode(error)]}.`
  })
  if (blocked.length > 0)
    lines.push(`⊘ Not begun: ${blocked.map(({ description }) => cut(description, 60)).join(' · ')}`)
  return lines.join('\n') || `✗ ${task.error ?? 'failed'}`
}
