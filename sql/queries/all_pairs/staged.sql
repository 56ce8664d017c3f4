-- How many rows of a generation are staged, how many its shards recorded, and how many there are of others.
-- $1 bigint: generation
select count(*) filter (where generation = $1) as rows, count(*) filter (where generation > $1) as newer,
       (select coalesce(sum(rows), 0) from jvmm.generation_part where generation = $1) as recorded
from jvmm.staged_match
