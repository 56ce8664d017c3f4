-- Stores which personas complete which, an element a pair.
-- $1 bigint: generation; $2 text[] and $3 text[]: keys, the lesser first; $4 float8[]: scores, or null; $5 jsonb[]:
-- evidence
insert into jvmm.persona_complement (generation, a, b, score, evidence)
select $1::bigint, a, b, score, evidence
from unnest($2::text[], $3::text[], $4::float8[], $5::jsonb[]) as s(a, b, score, evidence)
