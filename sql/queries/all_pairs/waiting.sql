-- Generations of a basis that wait for shards.
-- $1 bigint: other than this generation
select g.id, g.shards, count(p.shard) as parts
from jvmm.generation g left join jvmm.generation_part p on p.generation = g.id
where g.published_at is null and g.id <> $1
group by g.id
order by g.id
