-- A shard's rows are complete. Gives the number of shards that are.
-- $1 bigint: generation; $2 integer: shard; $3 bigint: rows
with part as (
  insert into jvmm.generation_part (generation, shard, rows) values ($1, $2::integer, $3)
  on conflict (generation, shard) do update set rows = excluded.rows
  returning shard
)
select count(*) as parts
from (select shard from jvmm.generation_part where generation = $1 union select shard from part) as complete
