-- The generation is published; older ones that never were are given up.
-- $1 bigint: generation
with published as (
  update jvmm.generation set published_at = now() where id = $1
)
delete from jvmm.generation where id < $1 and published_at is null
