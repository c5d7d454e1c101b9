-- Guest lists and what imports replaced, so that each can be taken back. Names and addresses inside are sealed.
do $$
declare
  kind text;
begin
  foreach kind in array array['guest_lists', 'imports'] loop
    execute format('create table %I (
      id text primary key,
      event_brief_id text not null references event_briefs on delete cascade,
      body jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now())', kind);
    execute format('create index on %I (event_brief_id, created_at)', kind);
  end loop;
end $$;
create unique index on guest_lists (event_brief_id);
