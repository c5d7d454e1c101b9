import { z } from 'zod'
import type { Router } from '../../kernel/http/route.ts'
import { requireProject } from '../access.ts'
import { getProjectRow } from '../projects/project-store.ts'
import * as verbs from '../projects/project-verbs.ts'
import {
  CreateProject,
  ListProjects,
  ListWorkflows,
  ProjectPage,
  ProjectRemoved,
  ProjectResponse,
  UpdateProject,
  WorkflowPage,
} from '../schema.ts'
import { listWorkflows } from '../workflow/read-workflow.ts'
import { withAddress } from './with-address.ts'

const BASE = '/api/v1/projects'
const tag = 'projects'
const Id = z.object({ id: z.string() })

export function projectRoutes(router: Router) {
  router.add({
    method: 'GET',
    url: BASE,
    summary: 'Projects, newest first',
    tag,
    access: 'read',
    query: ListProjects,
    replies: { 200: ProjectPage },
    handler: (ctx, { query }) => verbs.listProjects(ctx, query),
  })
  router.add({
    method: 'POST',
    url: BASE,
    summary: 'Create a local project',
    tag,
    access: 'write',
    body: CreateProject,
    replies: { 201: ProjectResponse },
    handler: (ctx, { body, request }) => verbs.createProject(withAddress(ctx, request), body),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id`,
    summary: 'One project',
    tag,
    access: 'read',
    params: Id,
    replies: { 200: ProjectResponse },
    handler: (ctx, { params }) => verbs.getProject(ctx, params.id),
  })
  router.add({
    method: 'PUT',
    url: `${BASE}/:id`,
    summary: 'Change a project',
    tag,
    access: 'write',
    params: Id,
    body: UpdateProject,
    replies: { 200: ProjectResponse },
    handler: (ctx, { params, body, request }) => verbs.updateProject(withAddress(ctx, request), params.id, body),
  })
  router.add({
    method: 'DELETE',
    url: `${BASE}/:id`,
    summary: 'Remove a project without active workflows',
    tag,
    access: 'write',
    params: Id,
    replies: { 200: ProjectRemoved },
    handler: (ctx, { params, request }) => verbs.deleteProject(withAddress(ctx, request), params.id),
  })
  router.add({
    method: 'GET',
    url: `${BASE}/:id/workflows`,
    summary: 'Workflows of a project',
    tag,
    access: 'read',
    params: Id,
    query: ListWorkflows.omit({ project_id: true }),
    replies: { 200: WorkflowPage },
    handler: async (ctx, { params, query }) => {
      requireProject(ctx, params.id)
      await getProjectRow(ctx.kernel.db, params.id)
      return listWorkflows(ctx, { ...query, project_id: params.id })
    },
  })
}
