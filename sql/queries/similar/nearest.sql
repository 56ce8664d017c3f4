-- The profiles whose field is nearest to a vector by cosine, exactly: the "+ 0" keeps an approximate index out of it.
-- Only vectors of the same model are compared.
-- $1 vector[]: the vector, as the only element; $2 text: field; $3 text: model; $4 bigint: how many;
-- $5 uuid: not this profile, or null; $6 text[]: kinds of credentials that they have; $7 text[]: per kind a word of its
-- name, or null; $8 float8: their credibility score is at least this, 0: whatever it is
select id, name, company, text, 1 - (vector <=> ($1::vector[])[1]) as similarity
from (
  select id, name, company,
         case $2 when 'seeking' then seeking when 'offering' then offering when 'who_you_serve' then who_you_serve
                 when 'what_you_do' then what_you_do end as text,
         case $2 when 'seeking' then embedding_seeking when 'offering' then embedding_offering
                 when 'who_you_serve' then embedding_who_you_serve when 'what_you_do' then embedding_what_you_do
         end as vector
  from profiles
  where embeddings_model = $3 and id is distinct from $5
    and (cardinality($6::text[]) = 0 or jvmm.has_credentials(credentials, $6::text[], $7::text[]))
    and ($8::float8 = 0 or coalesce(jvmm.credibility_of(credentials), 0) >= $8::float8)
) as field
where vector is not null and vector_norm(vector) > 0
order by (vector <=> ($1::vector[])[1]) + 0, id
limit $4
