import { z } from 'zod'
import { HttpReply, parse, type Router } from '../../kernel/http/route.ts'
import {
  Artifact,
  ArtifactQuery,
  Checkpoint,
  CreateWorkflow,
  DecisionAccepted,
  DecisionList,
  DeliverableList,
  EventPage,
  GetWorkflow,
  ListEvents,
  ListTasks,
  ListWorkflows,
  PurgeQuery,
  RetryTask,
  SubmitDecision,
  TaskPage,
  TaskResponse,
  UpdateWorkflow,
  WORKFLOW_TYPES,
  WorkflowGraph,
  WorkflowPage,
  WorkflowResponse,
} from '../schema.ts'
import * as control from '../workflow/control-workflow.ts'
import { createWorkflow } from '../workflow/create-workflow.ts'
import { eventsAfter } from '../workflow/read-events.ts'
import * as read from '../workflow/read-workflow.ts'
import { listDecisions, submitDecision } from '../workflow/submit-decision.ts'
import { workflowGraph } from '../workflow/workflow-graph.ts'
import { withAddress } from './with-address.ts'

const BASE = '/api/v1/workflows'
const tag = 'workflows'
const Id = z.object({ id: z.string() })
const TaskId = z.object({ id: z.string(), taskId: z.string() })

export function workflowRoutes(router: Router) {
  router.add({
    method: 'POST',
    url: BASE,
    summary: 'Create and start a workflow',
    tag,
    access: 'write',
    body: CreateWorkflow,
    replies: { 201: WorkflowResponse },
    handler: (ctx, { body, request }) => createWorkflow(withAddress(ctx, request), body),
  })
  router.add({
    method: 'POST',
    url: '/api/v1/projects/:projectId/workflows/:workflowType',
    summary: 'Create and start a workflow of a project',
    tag,
    access: 'write',
    params: z.object({ projectId: z.string(), workflowType: z.string() }),
    replies: { 201: WorkflowResponse },
    body: CreateWorkflow.omit({ project_id: true, workflow_type: true }),
    handler: (ctx, { params, body, request }) =>
      createWorkflow(
        withAddress(ctx, request),
        parse(CreateWorkflow, { ...body, project_id: params.projectId, workflow_type: params.workflowType }),
      ),
  })
  router.add({
    method: 'GET',
    url: BASE,
    summary: `Workflows (${WORKFLOW_TYPES.join(', ')}), newest first`,
    tag,
    access: 'read',
    query: ListWorkflows,
    replies: { 200: WorkflowPage },
    handler: (ctx, { query }) => read.listWorkflows(ctx, query),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id`,
    summary: 'One workflow, with its trace when asked',
    tag,
    access: 'read',
    params: Id,
    query: GetWorkflow,
    replies: { 200: WorkflowResponse },
    handler: (ctx, { params, query }) => read.getWorkflow(ctx, params.id, query.include_trace),
  })
  router.add({
    method: 'PUT',
    url: `${BASE}/:id`,
    summary: 'Change title, description, priority, style or parameters',
    tag,
    access: 'write',
    params: Id,
    body: UpdateWorkflow,
    replies: { 200: WorkflowResponse },
    handler: (ctx, { params, body, request }) => control.updateWorkflow(withAddress(ctx, request), params.id, body),
  })
  router.add({
    method: 'DELETE',
    url: `${BASE}/:id`,
    summary: 'Cancel a workflow, or remove an ended one with purge=true',
    tag,
    access: 'write',
    params: Id,
    query: PurgeQuery,
    replies: { 200: WorkflowResponse, 204: 'Removed' },
    handler: async (ctx, { params, query, request }) => {
      const own = withAddress(ctx, request)
      if (!query.purge) return control.cancelWorkflow(own, params.id)
      await control.purgeWorkflow(own, params.id)
      return new HttpReply(204, undefined)
    },
  })
  controlRoutes(router)
  readRoutes(router)
}

const CONTROLS = [
  {
    verb: 'pause',
    methods: ['PUT', 'POST'],
    summary: 'Stop dispatching; running tasks may finish',
    run: control.pauseWorkflow,
  },
  { verb: 'resume', methods: ['PUT', 'POST'], summary: 'Go on after a pause', run: control.resumeWorkflow },
  { verb: 'cancel', methods: ['POST'], summary: 'End a workflow for good', run: control.cancelWorkflow },
  {
    verb: 'start',
    methods: ['POST'],
    summary: 'Start a paused or failed workflow from its last checkpoint',
    run: control.startWorkflow,
  },
] as const

function controlRoutes(router: Router) {
  for (const { verb, methods, summary, run } of CONTROLS)
    for (const method of methods)
      router.add({
        method,
        url: `${BASE}/:id/${verb}`,
        summary,
        tag,
        access: 'write',
        params: Id,
        replies: { 200: WorkflowResponse },
        handler: (ctx, { params, request }) => run(withAddress(ctx, request), params.id),
      })
  router.add({
    method: 'POST',
    url: `${BASE}/:id/decisions`,
    summary: 'Submit a choice for the pending decision',
    tag,
    access: 'write',
    params: Id,
    body: SubmitDecision,
    replies: { 200: DecisionAccepted },
    handler: async (ctx, { params, body, request }) => ({
      workflow_id: params.id,
      decision_id: body.decision_id,
      choice: body.choice,
      ...(await submitDecision(withAddress(ctx, request), params.id, body)),
    }),
  })
  router.add({
    method: 'POST',
    url: `${BASE}/:id/tasks/:taskId/retry`,
    summary: 'Try a failed task again',
    tag,
    access: 'write',
    params: TaskId,
    body: RetryTask,
    replies: { 200: TaskResponse },
    handler: (ctx, { params, body, request }) =>
      control.retryTask(withAddress(ctx, request), params.id, params.taskId, body.input_data ?? {}),
  })
  router.add({
    method: 'POST',
    url: `${BASE}/:id/restore/:checkpointId`,
    summary: 'Put a workflow back to a checkpoint, paused',
    tag,
    access: 'write',
    params: z.object({ id: z.string(), checkpointId: z.string() }),
    replies: { 200: WorkflowResponse },
    handler: (ctx, { params, request }) =>
      control.restoreWorkflow(withAddress(ctx, request), params.id, params.checkpointId),
  })
}

function readRoutes(router: Router) {
  router.add({
    method: 'GET',
    url: `${BASE}/:id/decisions`,
    summary: 'Every decision of the workflow',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: DecisionList },
    handler: (ctx, { params }) => listDecisions(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/tasks`,
    summary: 'Tasks of the workflow',
    tag,
    access: 'read',
    params: Id,
    query: ListTasks,
    replies: { 200: TaskPage },
    handler: (ctx, { params, query }) => read.listTasks(ctx, params.id, query),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/tasks/:taskId`,
    summary: 'One task',
    tag,
    access: 'read',
    params: TaskId,
    replies: { 200: TaskResponse },
    handler: (ctx, { params }) => read.getTask(ctx, params.id, params.taskId),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/events`,
    summary: 'Events after a sequence number',
    tag,
    access: 'read',
    params: Id,
    query: ListEvents,
    replies: { 200: EventPage },
    handler: async (ctx, { params, query }) => {
      await read.readWorkflow(ctx, params.id)
      return eventsAfter(ctx, params.id, query.since, query.limit)
    },
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/graph`,
    summary: 'Tasks, decisions and gates as a graph',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: WorkflowGraph },
    handler: async (ctx, { params }) => workflowGraph((await read.readWorkflow(ctx, params.id)).state),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/checkpoints`,
    summary: 'Checkpoints, oldest first',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: z.array(Checkpoint) },
    handler: (ctx, { params }) => read.listCheckpoints(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/deliverables`,
    summary: 'What is delivered, with download addresses',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: DeliverableList },
    handler: (ctx, { params }) => read.listDeliverables(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/artifacts/:name`,
    summary: 'An artifact with its content, or one item of a fan-out',
    tag,
    access: 'read',
    params: z.object({ id: z.string(), name: z.string() }),
    query: ArtifactQuery,
    replies: { 200: Artifact },
    handler: (ctx, { params, query }) => read.getArtifact(ctx, params.id, params.name, query.index),
  })
}
