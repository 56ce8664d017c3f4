-- Stores the vectors of a batch, where the profile still has the texts they were computed from, and clears those whose
-- text went away. A field whose provenance ranks higher keeps its vector. Returns what each row now holds (MD5 of each
-- vector's binary form, and of all four), which fields were kept for their source, and what the row held before.
-- $1 text: model; $2 bigint: pipeline version; arrays with an element a row: $3 uuid[] ids, $4 text[] input hashes,
-- $5..$8 vector[] seeking, offering, who_you_serve, what_you_do (null: nothing new for that field)
with input as (
  select * from unnest($3::uuid[], $4::text[], $5::vector[], $6::vector[], $7::vector[], $8::vector[])
                as row(id, input_hash, seeking, offering, who_you_serve, what_you_do)
), current as (
  select p.id, p.xmin as version, p.enrichment_metadata as meta,
         i.seeking as new_seeking, i.offering as new_offering, i.who_you_serve as new_who_you_serve,
         i.what_you_do as new_what_you_do,
         p.embedding_seeking, p.embedding_offering, p.embedding_who_you_serve, p.embedding_what_you_do,
         p.seeking, p.offering, p.who_you_serve, p.what_you_do, p.embeddings_model, p.embeddings_updated_at,
         jvmm.field_meta(p.enrichment_metadata, 'embedding_seeking') as meta_seeking,
         jvmm.field_meta(p.enrichment_metadata, 'embedding_offering') as meta_offering,
         jvmm.field_meta(p.enrichment_metadata, 'embedding_who_you_serve') as meta_who_you_serve,
         jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') as meta_what_you_do
  from input i
  join profiles p on p.id = i.id
  where jvmm.embedding_input(p.seeking, p.offering, p.who_you_serve, p.what_you_do) = i.input_hash
), next as (
  select id, version,
         jvmm.embedding_next(seeking, embedding_seeking, new_seeking, meta_seeking) as seeking,
         jvmm.embedding_next(offering, embedding_offering, new_offering, meta_offering) as offering,
         jvmm.embedding_next(who_you_serve, embedding_who_you_serve, new_who_you_serve, meta_who_you_serve)
           as who_you_serve,
         jvmm.embedding_next(what_you_do, embedding_what_you_do, new_what_you_do, meta_what_you_do) as what_you_do,
         jvmm.merge_field_meta(meta,
           jvmm.embedding_entry('embedding_seeking', seeking, embedding_seeking, new_seeking, meta_seeking, $1,
                                $2::integer)
           || jvmm.embedding_entry('embedding_offering', offering, embedding_offering, new_offering, meta_offering, $1,
                                   $2::integer)
           || jvmm.embedding_entry('embedding_who_you_serve', who_you_serve, embedding_who_you_serve,
                                   new_who_you_serve, meta_who_you_serve, $1, $2::integer)
           || jvmm.embedding_entry('embedding_what_you_do', what_you_do, embedding_what_you_do, new_what_you_do,
                                   meta_what_you_do, $1, $2::integer)) as meta,
         jvmm.embedding_kept(meta_seeking) as kept_seeking, jvmm.embedding_kept(meta_offering) as kept_offering,
         jvmm.embedding_kept(meta_who_you_serve) as kept_who_you_serve,
         jvmm.embedding_kept(meta_what_you_do) as kept_what_you_do,
         jsonb_strip_nulls(jsonb_build_object(
           'metadata', jvmm.metadata_shape(meta),
           'embedding_seeking', embedding_seeking::text, 'embedding_offering', embedding_offering::text,
           'embedding_who_you_serve', embedding_who_you_serve::text,
           'embedding_what_you_do', embedding_what_you_do::text,
           'embeddings_model', embeddings_model, 'embeddings_updated_at', embeddings_updated_at))
         || case when meta -> 'field_meta' ?| array['embedding_seeking', 'embedding_offering',
                                                    'embedding_who_you_serve', 'embedding_what_you_do']
                 then jsonb_build_object('field_meta', jsonb_build_object(
                   'embedding_seeking', meta #> '{field_meta,embedding_seeking}',
                   'embedding_offering', meta #> '{field_meta,embedding_offering}',
                   'embedding_who_you_serve', meta #> '{field_meta,embedding_who_you_serve}',
                   'embedding_what_you_do', meta #> '{field_meta,embedding_what_you_do}'))
                 else '{}'::jsonb end
           as before
  from current
)
update profiles p
set embedding_seeking = n.seeking, embedding_offering = n.offering, embedding_who_you_serve = n.who_you_serve,
    embedding_what_you_do = n.what_you_do, enrichment_metadata = n.meta, embeddings_updated_at = now(),
    embeddings_model = case when coalesce(n.seeking, n.offering, n.who_you_serve, n.what_you_do) is not null then $1 end
from next n
where p.id = n.id and p.xmin = n.version
returning p.id, md5(vector_send(p.embedding_seeking)) as seeking, md5(vector_send(p.embedding_offering)) as offering,
          md5(vector_send(p.embedding_who_you_serve)) as who_you_serve,
          md5(vector_send(p.embedding_what_you_do)) as what_you_do,
          jvmm.embedding_digest(p.embedding_seeking, p.embedding_offering, p.embedding_who_you_serve,
                                p.embedding_what_you_do) as digest,
          n.kept_seeking, n.kept_offering, n.kept_who_you_serve, n.kept_what_you_do, n.before::text as before
