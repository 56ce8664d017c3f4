-- How far the embeddings cover the texts: profiles, profiles with any text, and per field texts and vectors.
select count(*) as profiles,
       count(*) filter (where coalesce(jvmm.embedding_text(seeking), jvmm.embedding_text(offering),
                                       jvmm.embedding_text(who_you_serve), jvmm.embedding_text(what_you_do))
                              is not null) as with_text,
       count(jvmm.embedding_text(seeking)) as texts_seeking, count(embedding_seeking) as vectors_seeking,
       count(jvmm.embedding_text(offering)) as texts_offering, count(embedding_offering) as vectors_offering,
       count(jvmm.embedding_text(who_you_serve)) as texts_who_you_serve,
       count(embedding_who_you_serve) as vectors_who_you_serve,
       count(jvmm.embedding_text(what_you_do)) as texts_what_you_do,
       count(embedding_what_you_do) as vectors_what_you_do
from profiles
