-- Vectors of one side of a comparison, of profiles chosen by a hash of id and seed: any, but the same ones again.
-- $1 text: model; $2 text: 'seeking', 'offering' (or, without, what_you_do) or 'who_you_serve'; $3 text: seed;
-- $4 bigint: how many
select id, vector::text as vector
from (
  select id, vector
  from (
    select id, case $2 when 'seeking' then embedding_seeking
                       when 'offering' then coalesce(embedding_offering, embedding_what_you_do)
                       when 'who_you_serve' then embedding_who_you_serve end as vector
    from profiles where embeddings_model = $1
  ) as side
  where vector is not null
  order by md5(id::text || $3), id
  limit $4
) as chosen
order by id
