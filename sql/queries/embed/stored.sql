-- The vectors a profile holds now.
-- $1 uuid: profile
select embedding_seeking::text, embedding_offering::text, embedding_who_you_serve::text, embedding_what_you_do::text,
       embeddings_model
from profiles where id = $1
