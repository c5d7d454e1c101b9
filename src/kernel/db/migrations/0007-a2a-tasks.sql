-- What other agents asked for over A2A: their name of a task, ours, and what they were told last.
create table kernel.a2a_tasks (
  owner text not null,
  id text not null,
  task_id text,
  body jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (owner, id)
);
create index a2a_tasks_owner on kernel.a2a_tasks (owner, updated_at desc);
