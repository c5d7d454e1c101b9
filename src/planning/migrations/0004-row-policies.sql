-- Contracts and budget decisions are read for people under a role that sees one event only, and no budget decision without the right
-- to (contract 8.6). The owner of the tables, who computes and writes, is not bound by the policies.
do $$
begin
  create role troupe_planning_reader nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'role troupe_planning_reader is missing: let an administrator create it and grant it to %', current_user;
end $$;

create function is_read_for(event_id text, money boolean) returns boolean stable language sql as $$
  select event_id = current_setting('planning.event', true) and (not money or current_setting('planning.money', true) = 'yes')
$$;

alter table vendor_contracts enable row level security;
alter table budget_decisions enable row level security;
alter table artifact_versions enable row level security;
create policy one_event on vendor_contracts for select using (is_read_for(event_brief_id, false));
create policy one_event on budget_decisions for select using (is_read_for(event_brief_id, true));
create policy one_event on artifact_versions for select
  using (is_read_for(event_brief_id, artifact_type = 'BudgetDecision'));

do $$
begin
  grant usage on schema planning to troupe_planning_reader;
  grant execute on function is_read_for to troupe_planning_reader;
  grant select on vendor_contracts, budget_decisions, artifact_versions to troupe_planning_reader;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant troupe_planning_reader to %I', current_user);
  end if;
exception
  when undefined_object or insufficient_privilege then
    raise notice 'rows are not guarded by policies: grant troupe_planning_reader to %', current_user;
end $$;
