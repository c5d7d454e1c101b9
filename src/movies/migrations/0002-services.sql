-- Every call to an outside service, secrets removed; kept as long as its workflow.
create table external_calls (
  id bigint generated always as identity primary key,
  service text not null,
  operation text not null,
  workflow_id uuid,
  task_id text,
  correlation_id text,
  duration_ms int not null,
  -- HTTP status, or a word for what happened instead: timeout, network, refused by the open circuit …
  status text not null,
  attempt int not null,
  error text,
  at timestamptz not null default now()
);
create index external_calls_workflow on external_calls (workflow_id, at desc);
create index external_calls_at on external_calls (at);

-- Writes to outside services: delivered in order per lane, so that a later state never arrives before an earlier one.
create table outbox (
  id bigint generated always as identity primary key,
  service text not null,
  lane text not null,
  operation text not null,
  payload jsonb not null,
  workflow_id uuid,
  correlation_id text,
  priority int not null default 5,
  -- A later entry with the same key that waits behind it makes this one needless.
  supersede_key text,
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  -- Refused for good by the service: kept for the operator, never tried again.
  refused_at timestamptz
);
create index outbox_open on outbox (service, lane, id) where delivered_at is null and refused_at is null;
create index outbox_closed on outbox (created_at) where delivered_at is not null or refused_at is not null;

-- What people said about the pictures of the storyboard, by take.
create table shot_verdicts (
  workflow_id uuid not null references workflows on delete cascade,
  frame_id text not null,
  take int not null,
  verdict text not null,
  note text,
  actor text not null,
  at timestamptz not null default now(),
  primary key (workflow_id, frame_id, take)
);
