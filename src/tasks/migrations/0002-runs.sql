-- Every task is a run of the platform, those of before included: it begins and ends with its plan.
alter table tasks add column run_id text;

update tasks set run_id = 'run_' || id where plan_id is not null;

insert into kernel.runs (id, domain, kind, key, title, owner, status, holds, stage, due, state, correlation_id, progress, result, error, waiting_since,
                         created_at, updated_at, started_at, finished_at, cancelled_at)
select t.run_id, 'tasks', 'tasks.task', t.id, left(t.description, 200), t.user_id,
       case when t.status in ('pending', 'in_progress') then 'waiting' else t.status end,
       case when t.status in ('pending', 'in_progress') then array['plan:' || t.plan_id] else '{}' end,
       'settled@1', false, jsonb_build_object('task_id', t.id), coalesce(p.correlation_id, t.id),
       case when t.status = 'completed' then 100 else 0 end,
       case when t.status = 'completed' then jsonb_build_object('task_id', t.id, 'summary', t.result ->> 'summary') end,
       case when t.status = 'failed' then jsonb_build_object('code', 'SUBTASK_FAILED', 'message', t.error) end,
       case when t.status in ('pending', 'in_progress') then t.created_at end,
       t.created_at, t.updated_at, t.created_at,
       case when t.status in ('pending', 'in_progress') then null else coalesce(t.finished_at, t.updated_at) end,
       case when t.status = 'cancelled' then coalesce(t.finished_at, t.updated_at) end
  from tasks t left join kernel.plans p on p.id = t.plan_id
 where t.run_id is not null;

update kernel.plans p set run_id = t.run_id from tasks t where t.plan_id = p.id;
