-- Lets one run at a time decide which trained head of a task is in use, until its transaction ends.
-- $1 text: task
select pg_advisory_xact_lock(hashtextextended('jvmm.classifier.' || $1, 0))
