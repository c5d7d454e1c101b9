-- Who did what with which key: one row per changing call, never changed afterwards, sealed hour by hour.
create table audit_rows (
  n bigserial primary key,
  id text not null unique,
  at timestamptz not null,
  actor_id text not null,
  actor_name text not null,
  actor_kind text not null,
  -- The API key's id; null for people and the local developer.
  key_id text,
  source text not null,
  action text not null,
  target_kind text,
  target_id text,
  before jsonb,
  after jsonb,
  outcome int not null,
  correlation_id text not null,
  -- SHA-256 of the row before this one is not kept here: seals chain whole hours, so that writers never wait for each other.
  digest text not null
);
create index audit_rows_at on audit_rows (at);
create index audit_rows_target on audit_rows (target_kind, target_id, n);
create index audit_rows_actor on audit_rows (actor_id, n);

-- A batch of rows that can no longer change: their hash, chained to the seal before.
create table audit_seals (
  no int primary key,
  from_n bigint not null,
  to_n bigint not null,
  rows int not null,
  first_at timestamptz,
  last_at timestamptz,
  rows_hash text not null,
  previous text not null,
  seal text not null,
  sealed_at timestamptz not null default now()
);
-- The border of the next batch, and since when it stands: rows below it whose transaction began before that may still come.
create table audit_border (one boolean primary key default true check (one), to_n bigint not null, at timestamptz not null);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit rows and seals are only ever added';
end $$;
create trigger audit_rows_append_only before update or delete on audit_rows for each row execute function refuse_audit_change();
create trigger audit_seals_append_only before update or delete on audit_seals for each row execute function refuse_audit_change();
create trigger audit_rows_keep before truncate on audit_rows for each statement execute function refuse_audit_change();
create trigger audit_seals_keep before truncate on audit_seals for each statement execute function refuse_audit_change();

-- An answer that can still be taken back: applied when `staged_until` has passed.
alter table decisions add column staged jsonb;
alter table decisions add column staged_until timestamptz;
create index decisions_staged on decisions (staged_until) where staged is not null;

-- Signed messages to other programs about events.
create table webhooks (
  id text primary key,
  name text not null,
  url text not null,
  secret text not null,
  -- The secret before, still signed with until then.
  old_secret text,
  old_secret_until timestamptz,
  domains text[] not null default '{}',
  types text[] not null default '{}',
  level text not null default 'MILESTONE',
  allow_private boolean not null default false,
  enabled boolean not null default true,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table webhook_deliveries (
  message_id text primary key references outbox on delete cascade,
  webhook_id text not null references webhooks on delete cascade,
  event_id text not null,
  unique (webhook_id, event_id)
);
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, message_id desc);
