-- Stores the personas of a generation, an element a persona; one that is there is replaced.
-- $1 bigint: generation; $2 text[] keys; $3 text[] names; $4 boolean[] renamed by a human; $5 jsonb[] terms; $6 text[]
-- medoids, as '{id,id}'; $7 bigint[] sizes; $8 float8[] cohesions; $9 vector[] centroids, or null
insert into jvmm.persona (generation, key, name, renamed_by_human, state, terms, medoids, size, cohesion, centroid)
select $1::bigint, key, name, renamed, 'active', terms, medoids::uuid[], size, cohesion, centroid
from unnest($2::text[], $3::text[], $4::boolean[], $5::jsonb[], $6::text[], $7::bigint[], $8::float8[], $9::vector[])
       as s(key, name, renamed, terms, medoids, size, cohesion, centroid)
on conflict (generation, key) do update
  set name = excluded.name, renamed_by_human = excluded.renamed_by_human, terms = excluded.terms,
      medoids = excluded.medoids, size = excluded.size, cohesion = excluded.cohesion, centroid = excluded.centroid
