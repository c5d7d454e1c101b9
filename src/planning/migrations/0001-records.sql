-- Events, their artifacts, logs and records. One table a type, all of the same shape: keys, version and status as columns, the
-- validated fields as JSON. Rows and columns of every artifact table come from one list below.

-- Ids ever given to events: kept logs of a deleted event must not meet a new event of the same id.
create table event_ids (id text primary key, created_at timestamptz not null default now());

create table sequences (scope text primary key, last integer not null check (last >= 1));

create table event_briefs (
  id text primary key check (length(id) <= 200 and id ~ '^evt-[0-9]{8}-[a-z0-9-]+$'),
  body jsonb not null,
  version integer not null check (version >= 1),
  schema_version text not null,
  validation_status text not null check (validation_status in ('valid', 'invalid')),
  validation_errors jsonb not null default '[]',
  correlation_id text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  created_by text not null,
  baseline_timeline_version integer,
  lifecycle_state text not null generated always as (body ->> 'lifecycle_state') stored
    check (lifecycle_state in ('Initiate', 'Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute', 'Postmortem')),
  event_type text not null generated always as (body ->> 'event_type') stored
    check (event_type in ('meetup', 'conference', 'workshop', 'gala', 'festival')),
  search tsvector generated always as
    (to_tsvector('simple', coalesce(body ->> 'title', '') || ' ' || coalesce(body ->> 'objectives', ''))) stored,
  check ((body ->> 'audience_size')::integer >= 1)
);
create index on event_briefs (lifecycle_state, created_at);
create index on event_briefs (created_at desc, id);
create index on event_briefs (updated_at);
create index on event_briefs using gin (search);

do $$
declare
  t record;
begin
  for t in select * from (values
    ('requirements', 'event_briefs', true),
    ('stakeholder_maps', 'event_briefs', true),
    ('timelines', 'event_briefs', true),
    ('task_registers', 'timelines', false),
    ('budget_baselines', 'event_briefs', true),
    ('cost_models', 'budget_baselines', true),
    ('budget_decisions', 'cost_models', true),
    ('venue_criteria', 'event_briefs', true),
    ('venue_leads', 'venue_criteria', false),
    ('venue_shortlists', 'venue_criteria', false),
    ('venue_scorecards', 'venue_criteria', true),
    ('venue_availability', 'venue_shortlists', true),
    ('venue_negotiation_notes', 'venue_shortlists', true),
    ('logistics_plans', 'event_briefs', true),
    ('schedules', 'logistics_plans', true),
    ('resource_rosters', 'logistics_plans', true),
    ('contingency_plans', 'logistics_plans', true),
    ('vendor_contracts', 'event_briefs', false),
    ('communications_plans', 'event_briefs', true),
    ('risks', 'event_briefs', false),
    ('traces', 'event_briefs', false)
  ) as list (name, parent, is_unique)
  loop
    execute format('create table %I (
      id text primary key check (length(id) <= 400),
      event_brief_id text not null references event_briefs on delete cascade,
      parent_id text not null references %I on delete cascade,
      body jsonb not null,
      version integer not null check (version >= 1),
      schema_version text not null,
      validation_status text not null check (validation_status in (''valid'', ''invalid'')),
      validation_errors jsonb not null default ''[]'',
      correlation_id text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      created_by text not null)', t.name, t.parent);
    execute format('create %s index on %I (parent_id)', case when t.is_unique then 'unique' else '' end, t.name);
    execute format('create index on %I (event_brief_id)', t.name);
    execute format('create index on %I (updated_at)', t.name);
    if t.name in ('risks', 'traces') then
      execute format('create index on %I using gin (body jsonb_path_ops)', t.name);
    end if;
  end loop;
end $$;
create index on traces ((body ->> 'session_id'), created_at);
create index on traces (created_at);

-- Append-only logs. They outlive their event; only the purge of old entries may delete.
do $$
declare
  log text;
begin
  foreach log in array array['changelogs', 'decisions'] loop
    execute format('create table %I (
      id text primary key check (length(id) <= 400),
      event_brief_id text not null,
      parent_id text not null,
      body jsonb not null,
      version integer not null check (version = 1),
      schema_version text not null,
      validation_status text not null,
      validation_errors jsonb not null default ''[]'',
      correlation_id text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      created_by text not null,
      event_deleted_at timestamptz)', log);
    execute format('create index on %I (event_brief_id, created_at)', log);
    execute format('create index on %I (created_at)', log);
    execute format('create index on %I (correlation_id)', log);
    execute format('create index on %I using gin (body jsonb_path_ops)', log);
  end loop;
end $$;

create function refuse_log_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('planning.purge', true) = 'on' then
    return old;
  end if;
  if tg_op = 'UPDATE' and old.event_deleted_at is null and new.event_deleted_at is not null
     and to_jsonb(new) - 'event_deleted_at' = to_jsonb(old) - 'event_deleted_at' then
    return new;
  end if;
  raise exception '% is append-only: write a new entry that refers to the first', tg_table_name;
end $$;
create trigger append_only before update or delete on changelogs for each row execute function refuse_log_change();
create trigger append_only before update or delete on decisions for each row execute function refuse_log_change();

create table artifact_versions (
  artifact_type text not null,
  artifact_id text not null,
  version integer not null check (version >= 1),
  event_brief_id text not null references event_briefs on delete cascade,
  body jsonb not null,
  created_at timestamptz not null,
  created_by text not null,
  change_log_id text,
  primary key (artifact_type, artifact_id, version)
);
create index on artifact_versions (event_brief_id);

create table approvals (
  id text primary key,
  event_brief_id text not null references event_briefs on delete cascade,
  body jsonb not null,
  status text not null generated always as (body ->> 'status') stored
    check (status in ('pending', 'approved', 'rejected', 'superseded')),
  approval_type text not null generated always as (body ->> 'approval_type') stored,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  correlation_id text not null
);
create index on approvals (event_brief_id, requested_at);
create index on approvals (due_at) where status = 'pending';

do $$
declare
  kind text;
begin
  foreach kind in array array['incidents', 'executions', 'feedback', 'runbooks', 'postmortems'] loop
    execute format('create table %I (
      id text primary key,
      event_brief_id text not null references event_briefs on delete cascade,
      body jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now())', kind);
    execute format('create index on %I (event_brief_id)', kind);
  end loop;
end $$;
create unique index on runbooks (event_brief_id);
create unique index on postmortems (event_brief_id);

create table metric_snapshots (
  id bigint generated always as identity primary key,
  event_brief_id text not null references event_briefs on delete cascade,
  agent_name text not null,
  metric text not null,
  value numeric,
  threshold numeric not null,
  passed boolean,
  computed_at timestamptz not null
);
create index on metric_snapshots (event_brief_id, computed_at);
