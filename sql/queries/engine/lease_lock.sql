-- Lets one worker at a time decide about the leases of a stage, until its transaction ends.
-- $1 text: stage
select pg_advisory_xact_lock(hashtextextended('jvmm.lease.' || $1, 0))
