-- The process that claimed an assignment and is about to push it: when it dies before the agent accepted, the claim is returned at once.
alter table kernel.assignments add column claimer text;
create index assignments_unaccepted on kernel.assignments (claimer) where status = 'running' and accepted_at is null;
