-- Who delivers an entry now; it is free again when the time is over, so a process that died blocks nothing for long.
alter table outbox add column claimed_until timestamptz;
