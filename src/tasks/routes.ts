import { z } from 'zod'
import type { Router } from '../kernel/http/route.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { answerApproval, listApprovals } from './approvals.ts'
import { cancelTask, deleteTask, retrySubtask, retryTask } from './control-task.ts'
import { getTaskAgent, listTaskAgents } from './list-agents.ts'
import { listLogs } from './list-logs.ts'
import {
  artifactReply,
  artifactsInfo,
  attachmentReply,
  listResultFolder,
  listResultFolders,
  listTaskFiles,
  outputReply,
  resultArchive,
  resultPageReply,
  subtaskOutput,
} from './read-files.ts'
import { readSubmission, type Submission } from './read-submission.ts'
import {
  AgentStatus,
  ArtifactsInfoReply,
  AvailableAgentsQuery,
  AvailableAgentsReply,
  CancelTaskReply,
  DecideApprovalRequest,
  DeleteTaskReply,
  DownloadQuery,
  GetTaskReply,
  ListAgentsQuery,
  ListAgentsReply,
  ListApprovalsQuery,
  ListApprovalsReply,
  ListLogsQuery,
  ListLogsReply,
  ListTasksQuery,
  ListTasksReply,
  ResultFolderReply,
  ResultFoldersReply,
  RetrySubTaskRequest,
  RetryTaskReply,
  SubmitTaskReply,
  TaskApproval,
  TaskFilesReply,
} from './schema.ts'
import { listTasks, readResults, readTask } from './store/read-task.ts'
import { submitTask } from './submit-task.ts'

const TaskId = z.object({ id: z.string() })
const SubtaskId = z.object({ id: z.string(), sid: z.string() })
const Folder = z.object({ folder: z.string() })

/** The orchestrator's paths (2.2). */
export function taskRoutes(router: Router, kernel: Kernel): void {
  router.add({
    method: 'POST',
    url: '/tasks',
    summary: 'Submit a job in plain words, with files',
    tag: 'tasks',
    access: 'write',
    readBody: (request) => readSubmission(request, kernel),
    body: z.custom<Submission>(),
    fingerprint: (body) => {
      const { fields, files } = body as Submission
      return { fields, files: files.map(({ originalName, sha256 }) => [originalName, sha256]) }
    },
    replies: { 200: SubmitTaskReply },
    handler: (ctx, { body }) => submitTask(ctx, body),
  })
  router.add({
    method: 'GET',
    url: '/tasks',
    summary: 'Tasks, newest first',
    tag: 'tasks',
    access: 'read',
    query: ListTasksQuery,
    replies: { 200: ListTasksReply },
    handler: async (_ctx, { query }) => {
      const { tasks, total } = await listTasks(kernel.db, query, query.limit, query.offset)
      return { tasks, total_count: total, limit: query.limit, offset: query.offset }
    },
  })
  router.add({
    method: 'GET',
    url: '/tasks/:id',
    summary: 'One task with its subtasks and results',
    tag: 'tasks',
    access: 'read',
    params: TaskId,
    replies: { 200: GetTaskReply },
    handler: async (_ctx, { params }) => {
      // One after the other: results read first could lack what a task that has ended meanwhile counts.
      const task = await readTask(kernel.db, params.id)
      return { task, subtask_results: await readResults(kernel.db, params.id) }
    },
  })
  router.add({
    method: 'POST',
    url: '/tasks/:id/cancel',
    summary: 'Cancel a task',
    tag: 'tasks',
    access: 'write',
    params: TaskId,
    replies: { 200: CancelTaskReply },
    handler: (ctx, { params }) => cancelTask(ctx, params.id),
  })
  router.add({
    method: 'POST',
    url: '/tasks/:id/retry',
    summary: 'Retry every failed subtask',
    tag: 'tasks',
    access: 'write',
    params: TaskId,
    replies: { 200: RetryTaskReply },
    handler: (ctx, { params }) => retryTask(ctx, params.id),
  })
  router.add({
    method: 'POST',
    url: '/tasks/:id/subtasks/:sid/retry',
    summary: 'Retry one failed subtask, changed if wanted',
    tag: 'tasks',
    access: 'write',
    params: SubtaskId,
    body: RetrySubTaskRequest,
    replies: { 200: RetryTaskReply },
    handler: (ctx, { params, body }) => retrySubtask(ctx, params.id, params.sid, body),
  })
  router.add({
    method: 'DELETE',
    url: '/tasks/:id',
    summary: 'Delete a finished task with its files',
    tag: 'tasks',
    access: 'write',
    params: TaskId,
    replies: { 200: DeleteTaskReply },
    handler: (ctx, { params }) => deleteTask(ctx, params.id),
  })

  router.add({
    method: 'GET',
    url: '/tasks/:id/files',
    summary: 'Files of a task',
    tag: 'files',
    access: 'read',
    params: TaskId,
    replies: { 200: TaskFilesReply },
    handler: (_ctx, { params }) => listTaskFiles(kernel, params.id),
  })
  router.add({
    method: 'GET',
    url: '/tasks/:id/files/:filename',
    summary: 'Download an attachment',
    tag: 'files',
    access: 'read',
    params: z.object({ id: z.string(), filename: z.string() }),
    handler: (_ctx, { params }) => attachmentReply(kernel, params.id, params.filename),
  })
  router.add({
    method: 'GET',
    url: '/tasks/:id/outputs/*',
    summary: 'Download a file the task made',
    tag: 'files',
    access: 'read',
    params: z.object({ id: z.string(), '*': z.string() }),
    handler: (_ctx, { params }) => outputReply(kernel, params.id, params['*']),
  })
  router.add({
    method: 'GET',
    url: '/tasks/:id/subtasks/:sid/output',
    summary: 'The whole output of a subtask',
    tag: 'files',
    access: 'read',
    params: SubtaskId,
    handler: (_ctx, { params }) => subtaskOutput(kernel, params.id, params.sid),
  })

  router.add({
    method: 'GET',
    url: '/agents',
    summary: 'Agents',
    tag: 'agents',
    access: 'read',
    query: ListAgentsQuery,
    replies: { 200: ListAgentsReply },
    handler: async (_ctx, { query }) => ({ agents: await listTaskAgents(kernel, query.include_dead) }),
  })
  router.add({
    method: 'GET',
    url: '/agents/available',
    summary: 'Agents that take work now',
    tag: 'agents',
    access: 'read',
    query: AvailableAgentsQuery,
    replies: { 200: AvailableAgentsReply },
    handler: async (_ctx, { query }) => {
      const free = (await listTaskAgents(kernel, false)).filter(
        (agent) =>
          agent.is_available && !agent.draining && (!query.capability || agent.capabilities.includes(query.capability)),
      )
      return { available_agents: free.map((agent) => agent.agent_id), count: free.length }
    },
  })
  router.add({
    method: 'GET',
    url: '/agents/:id',
    summary: 'One agent',
    tag: 'agents',
    access: 'read',
    params: TaskId,
    replies: { 200: AgentStatus },
    handler: (_ctx, { params }) => getTaskAgent(kernel, params.id),
  })

  router.add({
    method: 'GET',
    url: '/logs',
    summary: 'The audit log',
    tag: 'logs',
    access: 'read',
    query: ListLogsQuery,
    replies: { 200: ListLogsReply },
    handler: (_ctx, { query }) => listLogs(kernel.db, query),
  })

  router.add({
    method: 'GET',
    url: '/results',
    summary: 'Result folders, newest first',
    tag: 'results',
    access: 'read',
    replies: { 200: ResultFoldersReply },
    handler: () => listResultFolders(kernel),
  })
  router.add({
    method: 'GET',
    url: '/results/:folder',
    summary: 'Pages of a result folder',
    tag: 'results',
    access: 'read',
    params: Folder,
    replies: { 200: ResultFolderReply },
    handler: (_ctx, { params }) => listResultFolder(kernel, params.folder),
  })
  router.add({
    method: 'GET',
    url: '/results/:folder/archive',
    summary: 'All pages as a zip',
    tag: 'results',
    access: 'read',
    params: Folder,
    handler: (_ctx, { params }) => resultArchive(kernel, params.folder),
  })
  router.add({
    method: 'GET',
    url: '/results/:folder/:file',
    summary: 'One result page',
    tag: 'results',
    access: 'read',
    params: z.object({ folder: z.string(), file: z.string() }),
    query: DownloadQuery,
    handler: (_ctx, { params, query }) => resultPageReply(kernel, params.folder, params.file, query.download),
  })
  router.add({
    method: 'GET',
    url: '/artifacts/info',
    summary: 'Counts and sizes of published files',
    tag: 'results',
    access: 'read',
    replies: { 200: ArtifactsInfoReply },
    handler: () => artifactsInfo(kernel),
  })
  router.add({
    method: 'GET',
    url: '/artifacts/*',
    summary: 'A published chart, report or data file',
    tag: 'results',
    access: 'read',
    params: z.object({ '*': z.string() }),
    query: DownloadQuery,
    handler: (_ctx, { params, query }) => artifactReply(kernel, params['*'], query.download),
  })

  router.add({
    method: 'GET',
    url: '/approvals',
    summary: 'Tool calls that wait for a person',
    tag: 'approvals',
    access: 'read',
    query: ListApprovalsQuery,
    replies: { 200: ListApprovalsReply },
    handler: (_ctx, { query }) => listApprovals(kernel.db, query.status),
  })
  router.add({
    method: 'POST',
    url: '/approvals/:id',
    summary: 'Approve or deny a tool call',
    tag: 'approvals',
    access: 'approve',
    params: TaskId,
    body: DecideApprovalRequest,
    replies: { 200: TaskApproval },
    handler: (ctx, { params, body }) => answerApproval(ctx, params.id, body),
  })
}
