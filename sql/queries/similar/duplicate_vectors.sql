-- The vectors of profiles, of one model.
-- $1 uuid[]: which; $2 text: the model
select id, embedding_seeking::text as seeking, coalesce(embedding_offering, embedding_what_you_do)::text as offering,
       embedding_who_you_serve::text as audience
from profiles where id = any ($1::uuid[]) and coalesce(embeddings_model, '(none)') = $2
