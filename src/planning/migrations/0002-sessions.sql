-- Planning sessions of the agents, what was said in them, what they asked, and failures a test put in their way.
create table sessions (
  id text primary key check (id ~ '^session-[0-9a-z]{3,26}$'),
  event_brief_id text not null references event_briefs on delete cascade,
  run_id text not null,
  status text not null check (status in ('in_progress', 'completed', 'failed', 'cancelled')),
  body jsonb not null,
  correlation_id text not null,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index one_running_session on sessions (event_brief_id) where status = 'in_progress';
create index on sessions (event_brief_id, started_at);
create index on sessions (started_at desc);

create table session_messages (
  session_id text not null references sessions on delete cascade,
  n bigint generated always as identity,
  body jsonb not null,
  primary key (session_id, n)
);

create table questions (
  id text primary key,
  session_id text not null references sessions on delete cascade,
  body jsonb not null,
  answered_at timestamptz
);
create index on questions (session_id);

create table injections (
  id text primary key,
  event_brief_id text not null references event_briefs on delete cascade,
  failure_type text not null,
  target text,
  used_at timestamptz,
  used_by text,
  created_at timestamptz not null default now()
);
create index on injections (event_brief_id) where used_at is null;
