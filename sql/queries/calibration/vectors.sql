-- Vectors of one side of a comparison, of the profiles named; a profile that does not exist has no row.
-- $1 text: model; $2 text: 'seeking', 'offering' (or, without, what_you_do) or 'who_you_serve'; $3 uuid[]: profiles
select id, case when embeddings_model = $1 then
             case $2 when 'seeking' then embedding_seeking
                     when 'offering' then coalesce(embedding_offering, embedding_what_you_do)
                     when 'who_you_serve' then embedding_who_you_serve end
           end::text as vector
from profiles where id = any ($3::uuid[]) order by id
