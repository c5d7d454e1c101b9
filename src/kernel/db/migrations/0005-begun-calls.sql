-- Set in the transaction of a call's first change: a call that was cut off after it is not run again.
alter table kernel.idempotency add column begun_at timestamptz;
