-- Deletes generations that lie further back than wanted, and who belonged to which persona in all but the last two.
-- $1 bigint: how many are kept
with old as (
  delete from jvmm.persona_model
  where state <> 'current' and generation <= (select max(generation) from jvmm.persona_model) - $1::bigint
)
delete from jvmm.persona_assignment a
using jvmm.persona_model m
where m.state = 'current' and a.generation <> m.generation and a.generation is distinct from m.previous
