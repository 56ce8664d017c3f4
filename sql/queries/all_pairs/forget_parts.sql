-- The rows of a generation's shards are gone.
-- $1 bigint: generation
delete from jvmm.generation_part where generation = $1
