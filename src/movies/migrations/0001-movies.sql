-- Projects: the local mirror, or local ones in stand-alone mode.
create table projects (
  project_id text primary key,
  status text not null default 'draft',
  source text not null default 'local',
  data jsonb not null,
  refreshed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index projects_status on projects (status, created_at desc);

-- `engine` is the pure engine's state without tasks and artifacts, kept as text so that `integrity` covers every byte of it.
create table workflows (
  workflow_id uuid primary key,
  project_id text not null references projects,
  workflow_type text not null,
  episode int not null default 0,
  status text not null,
  queued boolean not null default false,
  priority int not null,
  current_state text not null,
  engine text not null,
  integrity text not null,
  version int not null,
  view jsonb not null,
  run_id text,
  correlation_id text not null,
  progress_told_at timestamptz,
  last_event_at timestamptz not null default now(),
  waiting_since timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz
);
create index workflows_list on workflows (created_at desc, workflow_id);
create index workflows_project on workflows (project_id, created_at desc);
create index workflows_status on workflows (status, created_at desc);
create index workflows_queue on workflows (priority desc, created_at) where queued and status = 'running';
-- One active workflow of a type (and episode) per project.
create unique index workflows_active on workflows (project_id, workflow_type, episode) where status in ('running', 'paused');

create table tasks (
  task_id uuid primary key,
  workflow_id uuid not null references workflows on delete cascade,
  project_id text not null,
  ordinal bigint generated always as identity,
  state text not null,
  task_type text not null,
  capability text not null,
  status text not null,
  superseded boolean not null,
  priority int not null,
  -- Waits for nothing but an agent; decided by the engine with every change of the workflow.
  ready boolean not null default false,
  ready_since timestamptz,
  next_retry_at timestamptz,
  agent_id text,
  executor text,
  claim uuid,
  lease_until timestamptz,
  progress real,
  data jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  completed_at timestamptz
);
create index tasks_workflow on tasks (workflow_id, ordinal);
create index tasks_ready on tasks (priority desc, created_at) where ready and status = 'pending';
create index tasks_running on tasks (agent_id) where status = 'running';
create index tasks_agent on tasks (agent_id, started_at desc);

create table artifacts (
  artifact_id uuid primary key,
  workflow_id uuid not null references workflows on delete cascade,
  project_id text not null,
  ordinal bigint generated always as identity,
  name text not null,
  index int,
  version int not null,
  origin text not null,
  dropped boolean not null default false,
  data jsonb not null,
  content jsonb,
  -- Above 256 KB the content is a file below ARTIFACTS_PATH.
  content_path text,
  created_at timestamptz not null default now()
);
create unique index artifacts_version on artifacts (workflow_id, name, coalesce(index, -1), version);
create index artifacts_project on artifacts (project_id, name, created_at desc);

create table checkpoints (
  checkpoint_id uuid primary key,
  workflow_id uuid not null references workflows on delete cascade,
  ordinal bigint generated always as identity,
  state text not null,
  step text not null,
  data jsonb not null,
  created_at timestamptz not null default now()
);
create index checkpoints_workflow on checkpoints (workflow_id, ordinal desc);

create table agents (
  agent_id text primary key,
  agent_type text not null,
  capabilities text[] not null,
  transport text not null,
  endpoint_url text not null,
  health_check_url text not null,
  max_concurrent_tasks int not null,
  running int not null default 0,
  status text not null,
  -- Why it is offline: health, errors, operator.
  offline_reason text,
  builtin boolean not null default false,
  data jsonb not null,
  -- Latest outcomes, true is completed; 100 at most.
  outcomes boolean[] not null default '{}',
  average_execution_time float8 not null default 0,
  performance_score float8 not null default 100,
  reliability_score float8 not null default 100,
  error_count int not null default 0,
  failed_checks int not null default 0,
  health jsonb not null,
  last_heartbeat timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index agents_capabilities on agents using gin (capabilities);

-- Processes that execute tasks; work of one that is gone is given back.
create table executors (
  executor text primary key,
  host text not null,
  pid int not null,
  seen_at timestamptz not null default now()
);

create table audit (
  id text primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  entity_type text not null,
  entity_id text not null,
  before jsonb,
  after jsonb,
  correlation_id text,
  source_address text
);
create index audit_entity on audit (entity_type, entity_id, at desc);
create index audit_at on audit (at desc);

create table cache (
  key text primary key,
  value jsonb not null,
  expires_at timestamptz not null
);
