-- Takes over from the generation before what is no more, so that old keys can be read.
-- $1 bigint: generation; $2 bigint: the one before
insert into jvmm.persona (generation, key, name, renamed_by_human, state, merged_into, terms, medoids, size, cohesion,
                          centroid)
select $1, key, name, renamed_by_human, case state when 'active' then 'retired' else state end, merged_into, terms,
       medoids, size, cohesion, centroid
from jvmm.persona
where generation = $2
on conflict (generation, key) do nothing
