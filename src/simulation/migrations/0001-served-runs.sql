-- One row per served run: who started it, which process holds it, how it ended. Its events are in its folder, never here.
create table served_runs (
  run_id text primary key,
  name text not null,
  status text not null check (status in ('queued', 'running', 'paused', 'stopping', 'completed', 'failed', 'aborted', 'crashed')),
  agents int not null,
  max_turns int not null,
  turn int not null default 0,
  -- What the child process is started with; emptied when the run has ended, since a configuration may hold a secret.
  source jsonb,
  overrides jsonb not null default '[]',
  output_root text not null,
  started_by text not null,
  correlation_id text not null,
  kernel_run_id text,
  resumed_from_run text,
  resumed_from_turn int,
  continued_as text,
  -- Continuations in a row without a completed turn.
  crash_streak int not null default 0,
  termination_reason text,
  error jsonb,
  start_paused boolean not null default false,
  host text,
  process_id text,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((status in ('completed', 'failed', 'aborted', 'crashed')) = (ended_at is not null)),
  check ((status in ('running', 'paused', 'stopping')) = (lease_until is not null and ended_at is null))
);
create index served_runs_list on served_runs (created_at desc, run_id);
create index served_runs_status on served_runs (status, created_at);
create index served_runs_open on served_runs (lease_until) where ended_at is null;

-- What was asked of the agents of a run; the process that holds the run answers.
create table agent_operations (
  id text primary key,
  run_id text not null references served_runs on delete cascade,
  operation jsonb not null,
  outcome jsonb,
  created_at timestamptz not null default now()
);
create index agent_operations_open on agent_operations (run_id, created_at) where outcome is null;
create index agent_operations_at on agent_operations (created_at);
