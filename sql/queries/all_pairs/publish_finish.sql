-- The generation is published. What was published before is history, so that the same data later make a generation of
-- their own; older ones that wait for shards are given up.
-- $1 bigint: generation
with published as (
  update jvmm.generation
  set published_at = now(),
      rows = (select count(*) from match_suggestions
              where match_context ? 'generation' and match_context -> 'generation' <> '0')
  where id = $1
), used as (
  delete from jvmm.generation_part where generation = $1
)
delete from jvmm.generation where id < $1
