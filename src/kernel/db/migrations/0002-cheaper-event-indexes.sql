-- Every event pays for each index. Times follow the order of writing, so ranges suffice; only the rare levels narrow a page.
drop index kernel.events_at;
create index events_at on kernel.events using brin (at) with (autosummarize = on);
drop index kernel.events_level;
create index events_rare_level on kernel.events (n) where level in ('MILESTONE', 'DECISION');
