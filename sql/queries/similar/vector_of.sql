-- The vector of one profile's field, with the model it came from. No row: no such profile.
-- $1 uuid: profile; $2 text: field
select name, embeddings_model as model,
       case $2 when 'seeking' then embedding_seeking when 'offering' then embedding_offering
               when 'who_you_serve' then embedding_who_you_serve when 'what_you_do' then embedding_what_you_do
       end::text as vector,
       case $2 when 'seeking' then seeking when 'offering' then offering when 'who_you_serve' then who_you_serve
               when 'what_you_do' then what_you_do end as text
from profiles where id = $1
