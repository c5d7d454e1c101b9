-- Running rows are few: one index finds them all. Room in each page lets the updates that change no indexed column
-- (accepted, waiting, heartbeats, an attempt's end) stay beside their row and touch no index.
drop index kernel.assignments_unaccepted;
drop index kernel.assignments_running_user;
drop index kernel.assignments_running_subject;
alter table kernel.assignments set (fillfactor = 60);
alter table kernel.attempts set (fillfactor = 80);
alter table kernel.agents set (fillfactor = 50);
