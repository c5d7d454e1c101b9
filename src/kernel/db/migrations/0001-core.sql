-- Events: one stream for all domains. (tx, n) is the order of following; seq is gapless within a stream.
create table events (
  n bigserial primary key,
  tx xid8 not null default pg_current_xact_id(),
  id text not null unique,
  at timestamptz not null,
  domain text not null,
  type text not null,
  level text not null check (level in ('MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL')),
  stream text not null,
  seq bigint not null,
  run_id text,
  agent_id text,
  actor text not null,
  correlation_id text not null,
  causes text[] not null default '{}',
  summary text not null,
  data jsonb not null default '{}',
  unique (stream, seq)
);
create index events_follow on events (tx, n);
create index events_run on events (run_id, n) where run_id is not null;
create index events_type on events (type, n);
create index events_domain on events (domain, n);
create index events_level on events (level, n);
create index events_agent on events (agent_id, n) where agent_id is not null;
create index events_correlation on events (correlation_id, n);
create index events_causes on events using gin (causes) with (fastupdate = off);
create index events_at on events (at);
create table event_streams (stream text primary key, seq bigint not null);

-- Processes of ours: who is alive (R2).
create table processes (
  id text primary key,
  role text not null,
  host text not null,
  boot_id text not null,
  pid int not null,
  lock_key bigint not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  taken_at timestamptz,
  taken_by text
);

-- A process keeps its own name while it may take a new executor id; builtin work is marked with the process name.
create table process_names (
  process_id text not null,
  executor_id text primary key references processes on delete cascade
);
create index process_names_process on process_names (process_id);

-- Runs: one durable piece of work, a row (R1-R5).
create table runs (
  id text primary key,
  domain text not null,
  kind text not null,
  key text,
  title text not null,
  owner text not null,
  status text not null check (status in ('queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled')),
  holds text[] not null default '{}',
  stage text not null,
  stage_no int not null default 1,
  due boolean not null default true,
  wake_at timestamptz,
  state jsonb not null default '{}',
  result jsonb,
  error jsonb,
  progress real not null default 0,
  waiting_since timestamptz,
  correlation_id text not null,
  causes text[] not null default '{}',
  forked_from text,
  parent_id text,
  cost jsonb not null default '{}',
  limits jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  cancelled_at timestamptz,
  check ((status in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
  check ((status = 'failed') = (error is not null))
);
create unique index runs_key on runs (kind, key) where key is not null;
create index runs_due on runs (id) where due;
create index runs_timer on runs (wake_at) where wake_at is not null;
create index runs_list on runs (created_at desc, id);
create index runs_status on runs (status, created_at desc);
create index runs_domain on runs (domain, created_at desc);

create table run_steps (
  run_id text not null references runs on delete cascade,
  stage_no int not null,
  stage text not null,
  step text not null,
  kind text not null check (kind in ('stage', 'step', 'write', 'perform')),
  status text not null check (status in ('running', 'completed', 'failed')),
  attempts int not null default 1,
  agent_id text,
  input jsonb,
  output jsonb,
  error jsonb,
  usage jsonb,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (run_id, stage_no, step)
);

-- The result of each write, in the transaction of the write itself (R1).
create table done (
  key text primary key,
  result jsonb,
  at timestamptz not null default now()
);
create index done_at on done (at);

-- Questions to people.
create table decisions (
  id text primary key,
  domain text not null,
  kind text not null check (kind in ('approve', 'choose', 'answer')),
  status text not null default 'open' check (status in ('open', 'answered', 'expired', 'withdrawn', 'superseded')),
  type text not null,
  title text not null,
  prompt text not null,
  options jsonb not null default '[]',
  form jsonb,
  evidence jsonb not null default '[]',
  blocks text,
  subject_type text,
  subject_id text,
  scope text,
  run_id text references runs on delete cascade,
  assignment_id text,
  roles text[] not null default '{}',
  users text[] not null default '{}',
  deadline timestamptz,
  on_timeout text not null default 'hold' check (on_timeout in ('escalate', 'hold', 'default', 'deny')),
  default_answer jsonb,
  escalation jsonb not null default '[]',
  escalation_step int not null default 0,
  escalated_at timestamptz,
  answer jsonb,
  answered_by text,
  answered_at timestamptz,
  automatic boolean not null default false,
  superseded_by text,
  data jsonb not null default '{}',
  correlation_id text not null,
  event_id text,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status = 'answered') = (answered_at is not null))
);
create index decisions_open on decisions (deadline nulls last, created_at) where status = 'open';
create index decisions_run on decisions (run_id) where run_id is not null;
create index decisions_subject on decisions (subject_type, subject_id);
create index decisions_scope on decisions (scope);
create index decisions_list on decisions (created_at desc);

-- Agents and the work given to them.
create table agents (
  pool text not null,
  id text not null,
  transport text not null default 'http' check (transport in ('http', 'mcp', 'builtin')),
  endpoint text,
  capabilities text[] not null,
  slots int not null default 1,
  running int not null default 0,
  instance text not null,
  token_hash text,
  execute_token text,
  status text not null default 'available' check (status in ('available', 'busy', 'draining', 'maintenance', 'offline')),
  reported_available boolean not null default true,
  current_work text,
  cpu_usage real not null default 0,
  memory_usage real not null default 0,
  process_memory_bytes bigint not null default 0,
  sdk_version text,
  errors int not null default 0,
  blocked_until timestamptz,
  meta jsonb not null default '{}',
  registered_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  dead_at timestamptz,
  primary key (pool, id),
  check (running >= 0)
);

create table plans (
  id text primary key,
  pool text not null,
  domain text not null,
  subject text not null,
  run_id text references runs on delete cascade,
  user_id text not null,
  status text not null default 'open' check (status in ('open', 'settled', 'cancelled')),
  data jsonb not null default '{}',
  correlation_id text not null,
  causes text[] not null default '{}',
  created_at timestamptz not null default now(),
  settled_at timestamptz
);
create index plans_subject on plans (domain, subject);

create table assignments (
  id text primary key,
  plan_id text not null references plans on delete cascade,
  pool text not null,
  domain text not null,
  subject text not null,
  key text not null,
  ordinal int not null,
  user_id text not null,
  capabilities text[] not null,
  priority int not null default 5,
  status text not null check (status in ('pending', 'ready', 'running', 'completed', 'failed', 'blocked', 'cancelled')),
  depends_on text[] not null default '{}',
  open_prerequisites int not null default 0,
  input jsonb not null default '{}',
  agent_id text,
  instance text,
  attempt int not null default 1,
  started_attempts int not null default 0,
  losses int not null default 0,
  timeout_seconds real,
  lease_until timestamptz,
  accepted_at timestamptz,
  not_before timestamptz,
  front boolean not null default false,
  waiting_reason text,
  waiting_since timestamptz,
  excluded text[] not null default '{}',
  blocked_by text[] not null default '{}',
  checkpoint jsonb,
  output jsonb,
  error text,
  missed int not null default 0,
  bad_results int not null default 0,
  token_hash text,
  created_at timestamptz not null default now(),
  queued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  unique (plan_id, key)
);
create index assignments_ready on assignments (pool, priority desc, queued_at) where status = 'ready';
create index assignments_running on assignments (pool, agent_id) where status = 'running';
create index assignments_subject on assignments (domain, subject);
create index assignments_running_user on assignments (user_id) where status = 'running';
create index assignments_open_plan on assignments (plan_id) where status in ('pending', 'ready', 'running');
create index assignments_running_subject on assignments (pool, subject) where status = 'running';

create table assignment_edges (
  plan_id text not null references plans on delete cascade,
  prerequisite text not null references assignments on delete cascade,
  dependent text not null references assignments on delete cascade,
  primary key (prerequisite, dependent)
);
create index assignment_edges_dependent on assignment_edges (dependent);

create table attempts (
  assignment_id text not null references assignments on delete cascade,
  attempt int not null,
  agent_id text not null,
  instance text not null,
  token_hash text,
  status text not null check (status in ('running', 'completed', 'failed', 'lost', 'refused', 'superseded', 'cancelled', 'timed_out')),
  result_hash text,
  answer jsonb,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (assignment_id, attempt)
);

create table shared_state (
  scope text not null,
  key text not null,
  value jsonb not null,
  expires_at timestamptz not null,
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (scope, key)
);
create table shared_locks (
  scope text not null,
  name text not null,
  owner text not null,
  expires_at timestamptz not null,
  primary key (scope, name)
);
create index shared_locks_owner on shared_locks (owner);

-- Access.
create table api_keys (
  id text primary key,
  name text not null,
  hash text not null unique,
  hint text not null,
  roles text[] not null,
  scopes text[] not null,
  projects text[] not null default '{*}',
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table idempotency (
  caller text not null,
  key text not null,
  path text not null,
  body_hash text not null,
  owner text not null,
  status int,
  content_type text,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_age on idempotency (created_at);

-- Artifacts: versioned documents.
create table artifacts (
  domain text not null,
  type text not null,
  id text not null,
  scope text not null,
  version int not null,
  schema_version text not null default '1.0.0',
  body jsonb not null,
  created_by text not null,
  correlation_id text not null,
  run_id text,
  event_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (domain, type, id)
);
create index artifacts_scope on artifacts (domain, scope, type);
create table artifact_versions (
  domain text not null,
  type text not null,
  id text not null,
  version int not null,
  body jsonb not null,
  created_by text not null,
  correlation_id text not null,
  event_id text,
  change jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (domain, type, id, version)
);

-- Messages to the outside: written with the change that causes them, delivered after.
create table outbox (
  id text primary key,
  channel text not null,
  target jsonb not null,
  message jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  delivered_at timestamptz
);
create index outbox_pending on outbox (next_at) where status = 'pending';

create table settings (
  name text primary key,
  value jsonb not null,
  updated_by text not null,
  updated_at timestamptz not null default now()
);

-- Model calls: what was spent, by whom.
create table model_calls (
  id text primary key,
  run_id text,
  assignment_id text,
  caller text not null,
  provider text not null,
  model text not null,
  purpose text not null,
  outcome text not null,
  input_tokens int not null default 0,
  output_tokens int not null default 0,
  cost_usd numeric(12, 6) not null default 0,
  duration_ms int not null default 0,
  created_at timestamptz not null default now()
);
create index model_calls_run on model_calls (run_id) where run_id is not null;
create index model_calls_created on model_calls (created_at);
