-- An answer may hold for all calls of its kind in the job.
create or replace view approvals as
  select d.id, d.scope as task_id, d.data ->> 'subtask_id' as subtask_id, d.data ->> 'agent_id' as agent_id, d.data ->> 'tool' as tool,
         d.data -> 'arguments' as arguments,
         case when d.status = 'open' then 'pending'
              when d.status = 'answered' and d.answer ->> 'choice' in ('approve', 'approve_job') then 'approved'
              when d.status = 'answered' then 'denied' else 'expired' end as status,
         d.created_at as requested_at, d.deadline as expires_at, d.answered_at as decided_at
    from kernel.decisions d where d.domain = 'tasks' and d.type = 'tool_approval';
