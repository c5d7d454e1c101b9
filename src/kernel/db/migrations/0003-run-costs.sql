-- Where a fork left the run it comes from: its stages before that number are those of the other run.
alter table runs add column forked_at int;
create index runs_forked on runs (forked_from) where forked_from is not null;
-- What a call could cost at most, known before it; what it cost is cost_usd.
alter table model_calls add column estimated_usd numeric(12, 6);
alter table model_calls add column estimated_tokens int not null default 0;
alter table model_calls add column domain text;
