-- Stores the audience embeddings of a batch where the profile still has the texts they were made of, and removes those
-- whose texts went away. Returns the profiles that were found unchanged with the digest of what they have now and what
-- they had before.
-- $1 text: model; $2 text: fingerprint; $3 jsonb: ideal customers by id; $4 bigint: pipeline version; arrays with an
-- element a row: $5 uuid[] ids, $6 text[] input hashes, $7 vector[] vectors (null: none), $8 text[] who computed it (null:
-- this program)
with sent as materialized (
  select s.*, jvmm.with_backend(
                jsonb_build_object('source', 'hf_embedding', 'model', $1::text, 'updated_at', jvmm.stamp(),
                                   'pipeline_version', $4::integer, 'input_hash', s.input_hash), s.backend) as entry
  from unnest($5::uuid[], $6::text[], $7::vector[], $8::text[]) as s(id, input_hash, vector, backend)
), found as materialized (
  select s.*, e.vector as old_vector, e.profile_id is not null as has_old,
         jsonb_build_object('model', $1::text)
         || case when e.profile_id is null then '{}'::jsonb
                 else jsonb_build_object('vector', e.vector::text, 'input_hash', e.input_hash,
                                         'fingerprint', e.fingerprint, 'provenance', e.provenance) end as before,
         coalesce(e.vector = s.vector and e.fingerprint = $2
                  and e.provenance - 'updated_at' = s.entry - 'updated_at', false) as same
  from sent s
  join profiles p using (id)
  left join jvmm.embedding e on e.profile_id = s.id and e.field = 'audience_embedding' and e.model = $1
  where jvmm.audience_input(p.who_you_serve, p.audience_type,
                            jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')), p.what_you_do,
                            $3::jsonb ->> p.id::text) = s.input_hash
), removed as (
  delete from jvmm.embedding e using found f
  where e.profile_id = f.id and e.field = 'audience_embedding' and e.model = $1 and f.vector is null
  returning e.profile_id
), stored as (
  insert into jvmm.embedding (profile_id, field, model, vector, input_hash, fingerprint, provenance)
  select id, 'audience_embedding', $1, vector, input_hash, $2, entry from found where vector is not null and not same
  on conflict (profile_id, field, model) do update
    set vector = excluded.vector, input_hash = excluded.input_hash, fingerprint = excluded.fingerprint,
        provenance = excluded.provenance
  returning profile_id, vector
)
select f.id, jvmm.vector_digest(coalesce(s.vector, case when f.same then f.old_vector end)) as digest,
       f.before::text as before,
       case when f.vector is null then not f.has_old or r.profile_id is not null
            else f.same or s.vector = f.vector end as as_sent
from found f
left join stored s on s.profile_id = f.id
left join removed r on r.profile_id = f.id
