-- Stores the vectors of a batch, where the profile still has the texts they were computed from, and clears those whose
-- text went away. A field whose provenance ranks higher keeps its vector. Returns what each row now holds (MD5 of each
-- vector's binary form), which fields were kept for their source, and what the row held before.
-- `stored` is materialized because the planner would otherwise repeat its expressions wherever a column is used;
-- its xmin tells the version of the row that everything was decided on.
-- $1 text: model; $2 bigint: pipeline version; arrays with an element a row: $3 uuid[] ids, $4 text[] input hashes,
-- $5..$8 vector[] seeking, offering, who_you_serve, what_you_do (null: nothing new for that field), $9..$12 text[] who
-- computed each of these (null: this program)
with stamp as materialized (
  select jsonb_build_object('source', 'hf_embedding', 'model', $1::text, 'updated_at', jvmm.stamp(),
                            'pipeline_version', $2::integer) as entry
), stored as materialized (
  select id, position, input_hash, p.xmin as version, enrichment_metadata as meta,
         jvmm.all_field_meta(enrichment_metadata) as fields,
         jvmm.text_hash(seeking) as hash_seeking, jvmm.text_hash(offering) as hash_offering,
         jvmm.text_hash(who_you_serve) as hash_who_you_serve, jvmm.text_hash(what_you_do) as hash_what_you_do,
         jvmm.has_text(seeking) as has_seeking, jvmm.has_text(offering) as has_offering,
         jvmm.has_text(who_you_serve) as has_who_you_serve, jvmm.has_text(what_you_do) as has_what_you_do,
         jvmm.embedding_kept(jvmm.field_meta(enrichment_metadata, 'embedding_seeking')) as kept_seeking,
         jvmm.embedding_kept(jvmm.field_meta(enrichment_metadata, 'embedding_offering')) as kept_offering,
         jvmm.embedding_kept(jvmm.field_meta(enrichment_metadata, 'embedding_who_you_serve')) as kept_who_you_serve,
         jvmm.embedding_kept(jvmm.field_meta(enrichment_metadata, 'embedding_what_you_do')) as kept_what_you_do,
         embedding_seeking, embedding_offering, embedding_who_you_serve, embedding_what_you_do,
         embeddings_model, embeddings_updated_at
  from unnest($3::uuid[], $4::text[]) with ordinality as sent(id, input_hash, position)
  join profiles p using (id)
), next as (
  select s.*,
         jvmm.embedding_next(kept_seeking, has_seeking, embedding_seeking, sent.seeking) as seeking,
         jvmm.embedding_next(kept_offering, has_offering, embedding_offering, sent.offering) as offering,
         jvmm.embedding_next(kept_who_you_serve, has_who_you_serve, embedding_who_you_serve, sent.who_you_serve)
           as who_you_serve,
         jvmm.embedding_next(kept_what_you_do, has_what_you_do, embedding_what_you_do, sent.what_you_do) as what_you_do,
         jvmm.merge_field_meta(
           meta,
           jvmm.embedding_entry('embedding_seeking', kept_seeking, has_seeking, embedding_seeking,
                                sent.seeking, jvmm.entry_of(fields, 'embedding_seeking'), sent.stamp_seeking,
                                hash_seeking)
           || jvmm.embedding_entry('embedding_offering', kept_offering, has_offering, embedding_offering,
                                   sent.offering, jvmm.entry_of(fields, 'embedding_offering'), sent.stamp_offering,
                                   hash_offering)
           || jvmm.embedding_entry('embedding_who_you_serve', kept_who_you_serve, has_who_you_serve,
                                   embedding_who_you_serve,
                                   sent.who_you_serve, jvmm.entry_of(fields, 'embedding_who_you_serve'), sent.stamp_who_you_serve,
                                   hash_who_you_serve)
           || jvmm.embedding_entry('embedding_what_you_do', kept_what_you_do, has_what_you_do, embedding_what_you_do,
                                   sent.what_you_do, jvmm.entry_of(fields, 'embedding_what_you_do'), sent.stamp_what_you_do,
                                   hash_what_you_do),
           array_remove(array[
             jvmm.embedding_gone('embedding_seeking', kept_seeking, has_seeking, embedding_seeking),
             jvmm.embedding_gone('embedding_offering', kept_offering, has_offering, embedding_offering),
             jvmm.embedding_gone('embedding_who_you_serve', kept_who_you_serve, has_who_you_serve,
                                 embedding_who_you_serve),
             jvmm.embedding_gone('embedding_what_you_do', kept_what_you_do, has_what_you_do, embedding_what_you_do)],
             null)) as new_meta,
         jsonb_build_object('metadata', jvmm.metadata_shape(meta))
         || case when coalesce(embedding_seeking, embedding_offering, embedding_who_you_serve, embedding_what_you_do)
                      is null and embeddings_model is null and embeddings_updated_at is null then '{}'::jsonb
                 else jsonb_strip_nulls(jsonb_build_object(
                   'embedding_seeking', embedding_seeking::text, 'embedding_offering', embedding_offering::text,
                   'embedding_who_you_serve', embedding_who_you_serve::text,
                   'embedding_what_you_do', embedding_what_you_do::text,
                   'embeddings_model', embeddings_model, 'embeddings_updated_at', embeddings_updated_at)) end
         || case when fields ?| array['embedding_seeking', 'embedding_offering', 'embedding_who_you_serve',
                                      'embedding_what_you_do']
                 then jsonb_build_object('field_meta', jsonb_build_object(
                   'embedding_seeking', fields -> 'embedding_seeking',
                   'embedding_offering', fields -> 'embedding_offering',
                   'embedding_who_you_serve', fields -> 'embedding_who_you_serve',
                   'embedding_what_you_do', fields -> 'embedding_what_you_do'))
                 else '{}'::jsonb end as before
  from stored s
  cross join stamp
  cross join lateral (
    select ($5::vector[])[position] as seeking, ($6::vector[])[position] as offering,
           ($7::vector[])[position] as who_you_serve, ($8::vector[])[position] as what_you_do,
           jvmm.with_backend(entry, ($9::text[])[position]) as stamp_seeking,
           jvmm.with_backend(entry, ($10::text[])[position]) as stamp_offering,
           jvmm.with_backend(entry, ($11::text[])[position]) as stamp_who_you_serve,
           jvmm.with_backend(entry, ($12::text[])[position]) as stamp_what_you_do offset 0) as sent
  where jvmm.embedding_guard(hash_seeking, hash_offering, hash_who_you_serve, hash_what_you_do) = s.input_hash
)
update profiles p
set embedding_seeking = n.seeking, embedding_offering = n.offering, embedding_who_you_serve = n.who_you_serve,
    embedding_what_you_do = n.what_you_do, enrichment_metadata = n.new_meta, embeddings_updated_at = now(),
    embeddings_model = case when coalesce(n.seeking, n.offering, n.who_you_serve, n.what_you_do) is not null then $1 end
from next n
where p.id = n.id and p.xmin = n.version
returning p.id, md5(vector_send(p.embedding_seeking)) as seeking, md5(vector_send(p.embedding_offering)) as offering,
          md5(vector_send(p.embedding_who_you_serve)) as who_you_serve,
          md5(vector_send(p.embedding_what_you_do)) as what_you_do,
          n.kept_seeking, n.kept_offering, n.kept_who_you_serve, n.kept_what_you_do, n.before::text as before
