-- Drops the staged rows of this generation and older ones.
-- $1 bigint: generation
delete from jvmm.staged_match where generation <= $1
