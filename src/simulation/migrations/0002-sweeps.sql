-- A sweep: one configuration with every combination of parameters and seeds, each a served run of its own.
create table sweeps (
  sweep_id text primary key,
  name text not null,
  parameters jsonb not null,
  seeds jsonb not null,
  -- Named by whoever started it, or found in the first run that ended.
  measures jsonb not null default '[]',
  started_by text not null,
  created_at timestamptz not null default now(),
  stopped_at timestamptz
);
create index sweeps_list on sweeps (created_at desc, sweep_id);

create table sweep_runs (
  sweep_id text not null references sweeps on delete cascade,
  position int not null,
  -- The run it began as; continuations after a crash are followed from there.
  run_id text not null references served_runs on delete cascade,
  parameters jsonb not null,
  seed bigint,
  -- Taken from the final state once the run has ended.
  measures jsonb,
  primary key (sweep_id, position)
);
create index sweep_runs_run on sweep_runs (run_id);
