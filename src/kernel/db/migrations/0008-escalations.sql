-- Looked for each second: open questions that still have somebody to go to, among thousands that have not.
create index decisions_escalations on kernel.decisions (id) where status = 'open' and staged is null and escalation_step < jsonb_array_length(escalation);
