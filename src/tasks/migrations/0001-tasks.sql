create table tasks (
  id text primary key check (id ~ '^task_[0-9]{12}_[0-9a-f]{12}$'),
  user_id text not null check (length(user_id) between 1 and 100 and btrim(user_id) <> ''),
  description text not null check (length(description) between 10 and 5000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  status text not null check (status in ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
  subtasks jsonb not null,
  result jsonb,
  error text,
  attachments jsonb not null default '[]',
  uploads_folder text,
  decomposition_method text not null check (decomposition_method in ('model', 'rules', 'fallback')),
  plan_id text,
  input_data jsonb not null default '{}',
  result_folder text,
  finished_at timestamptz,
  check (updated_at >= created_at),
  check ((status = 'completed') = (result is not null)),
  check ((status = 'failed') = (error is not null))
);
create index tasks_status on tasks (status);
create index tasks_user on tasks (user_id);
create index tasks_created on tasks (created_at desc);

create table subtask_results (
  id bigserial primary key,
  task_id text not null references tasks on delete cascade,
  subtask_id text not null,
  agent_id text not null,
  status text not null check (status in ('completed', 'failed')),
  output jsonb,
  error text,
  execution_time double precision not null check (execution_time > 0),
  attempt int not null check (attempt >= 1),
  created_at timestamptz not null default now(),
  unique (task_id, subtask_id, attempt),
  check (status <> 'completed' or output is not null),
  check (status <> 'failed' or error is not null)
);
create index subtask_results_task on subtask_results (task_id);
create index subtask_results_agent on subtask_results (agent_id);
create index subtask_results_created on subtask_results (created_at desc);

create table agent_logs (
  id bigserial primary key,
  agent_id text not null,
  task_id text,
  log_level text not null check (log_level in ('DEBUG', 'INFO', 'WARN', 'ERROR')),
  message text not null,
  metadata jsonb,
  created_at timestamptz not null default clock_timestamp()
);
create index agent_logs_agent on agent_logs (agent_id);
create index agent_logs_task on agent_logs (task_id);
create index agent_logs_level on agent_logs (log_level);
create index agent_logs_created on agent_logs (created_at desc, id desc);

-- Answers of safe-to-repeat calls (logs, tools) by their call id.
create table agent_calls (
  assignment_id text not null,
  call_id text not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (assignment_id, call_id)
);

create view subtask_states as
  select a.subject as task_id, a.key as subtask_id,
         case when a.status = 'ready' then 'queued' when a.status = 'running' and a.accepted_at is null then 'queued' else a.status end as status,
         case when a.status = 'running' and a.accepted_at is null then null else a.agent_id end as assigned_agent,
         a.attempt, a.lease_until, a.queued_at, a.started_at, a.finished_at, a.waiting_reason, to_jsonb(a.blocked_by) as blocked_by, a.checkpoint
    from kernel.assignments a where a.domain = 'tasks';

create view approvals as
  select d.id, d.scope as task_id, d.data ->> 'subtask_id' as subtask_id, d.data ->> 'agent_id' as agent_id, d.data ->> 'tool' as tool,
         d.data -> 'arguments' as arguments,
         case when d.status = 'open' then 'pending' when d.status = 'answered' and d.answer ->> 'choice' = 'approve' then 'approved'
              when d.status = 'answered' then 'denied' else 'expired' end as status,
         d.created_at as requested_at, d.deadline as expires_at, d.answered_at as decided_at
    from kernel.decisions d where d.domain = 'tasks' and d.type = 'tool_approval';

create schema if not exists agent_data;

-- The read-only SQL tool works as this role: it sees schemas tasks and agent_data, nothing else. Roles belong to the whole
-- server, so another database may have made it already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'troupe_reader') then
    begin
      create role troupe_reader nologin;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;
end $$;
grant usage on schema tasks, agent_data to troupe_reader;
grant select on tasks, subtask_results, agent_logs, subtask_states to troupe_reader;
alter default privileges in schema agent_data grant select on tables to troupe_reader;
grant select on all tables in schema agent_data to troupe_reader;
grant troupe_reader to current_user;
