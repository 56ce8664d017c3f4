-- How far the embeddings cover the texts: profiles, those with any text, those a run would take (their text changed since
-- their vectors were made, or a vector is missing or left over; not those that failed), and per field texts and vectors.
-- $1 bigint: pipeline version
select count(*) as profiles,
       count(*) filter (where coalesce(jvmm.embedding_text(p.seeking), jvmm.embedding_text(p.offering),
                                       jvmm.embedding_text(p.who_you_serve), jvmm.embedding_text(p.what_you_do))
                              is not null) as with_text,
       count(*) filter (where failed.profile_id is null and stale.any_field) as pending,
       count(jvmm.embedding_text(p.seeking)) as texts_seeking, count(p.embedding_seeking) as vectors_seeking,
       count(jvmm.embedding_text(p.offering)) as texts_offering, count(p.embedding_offering) as vectors_offering,
       count(jvmm.embedding_text(p.who_you_serve)) as texts_who_you_serve,
       count(p.embedding_who_you_serve) as vectors_who_you_serve,
       count(jvmm.embedding_text(p.what_you_do)) as texts_what_you_do,
       count(p.embedding_what_you_do) as vectors_what_you_do
from profiles p
cross join lateral (
  select bool_or(jvmm.embedding_stale(jvmm.has_text(value), jvmm.text_hash(value), has_vector,
                                      jvmm.field_meta(p.enrichment_metadata, column_name), p.embeddings_updated_at,
                                      p.embeddings_model, $1::integer, null)) as any_field
  from (values (p.seeking, p.embedding_seeking is not null, 'embedding_seeking'),
               (p.offering, p.embedding_offering is not null, 'embedding_offering'),
               (p.who_you_serve, p.embedding_who_you_serve is not null, 'embedding_who_you_serve'),
               (p.what_you_do, p.embedding_what_you_do is not null, 'embedding_what_you_do'))
       as field(value, has_vector, column_name)) as stale
left join jvmm.ledger failed
  on failed.stage = 'embed' and failed.profile_id = p.id and failed.outcome = 'failed'
     and failed.input_hash = jvmm.embedding_input(p.seeking, p.offering, p.who_you_serve, p.what_you_do)
