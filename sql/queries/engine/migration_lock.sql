-- Lets one migration run at a time, until its transaction ends.
select pg_advisory_xact_lock(hashtextextended('jvmm.migration', 0))
