-- Lets shards that finish at the same time record that one after the other, so that the last sees all of them.
-- $1 bigint: generation
select id from jvmm.generation where id = $1 for update
