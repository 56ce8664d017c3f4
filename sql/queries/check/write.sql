-- Finishes a batch of checked profiles that are still as they were checked: writes the changes, but not where the column's
-- source ranks above hf_classification. The source stays what it was: a cleaned value is still that source's. Returns each
-- such profile with the digest of what it holds now, the columns that were kept for their source, and what was there before.
-- `stored` is materialized because its xmin tells the version of the row that everything was decided on.
-- Arrays with an element a row: $1 uuid[] ids, $2 text[] input hashes, $3 text[] changes, as json: {column: text or null};
-- $4 bigint: pipeline version
with stored as materialized (
  select p.id, p.xmin as version, p.enrichment_metadata as meta, sent.changes, c.digest, c.old,
         array(select key from jsonb_object_keys(sent.changes) as change(key)
               where jvmm.source_priority(jvmm.field_meta(p.enrichment_metadata, key) ->> 'source')
                     > jvmm.source_priority('hf_classification')) as kept
  from unnest($1::uuid[], $2::text[], $3::text[]) as raw(id, input_hash, changes)
  cross join lateral (select raw.changes::jsonb as changes offset 0) as sent
  join profiles p on p.id = raw.id
  cross join lateral (
    select jvmm.check_digest(array[p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                             p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof,
                             p.current_projects, p.niche_categories::text, p.offer_types::text,
                             p.content_style::text]) as digest,
           case when sent.changes = '{}' then null else jsonb_build_object(
             'email', p.email, 'website', p.website, 'linkedin', p.linkedin, 'seeking', p.seeking,
             'offering', p.offering, 'who_you_serve', p.who_you_serve, 'what_you_do', p.what_you_do, 'bio', p.bio,
             'niche', p.niche, 'signature_programs', p.signature_programs, 'social_proof', p.social_proof, 'current_projects', p.current_projects) end as old
    offset 0) as c
  where c.digest = split_part(raw.input_hash, '/', 1)
), decided as materialized (
  select s.*, s.changes - s.kept as allowed,
         (select jsonb_object_agg(key, jvmm.field_meta(s.meta, key)) from jsonb_object_keys(s.changes - s.kept) as k(key))
           as entries,
         (select jsonb_object_agg(key, s.old -> key) from jsonb_object_keys(s.changes - s.kept) as k(key)) as values_before
  from stored s
), updated as (
  update profiles p
  set email = case when s.allowed ? 'email' then s.allowed ->> 'email' else p.email end,
      website = case when s.allowed ? 'website' then s.allowed ->> 'website' else p.website end,
      linkedin = case when s.allowed ? 'linkedin' then s.allowed ->> 'linkedin' else p.linkedin end,
      seeking = case when s.allowed ? 'seeking' then s.allowed ->> 'seeking' else p.seeking end,
      offering = case when s.allowed ? 'offering' then s.allowed ->> 'offering' else p.offering end,
      who_you_serve = case when s.allowed ? 'who_you_serve' then s.allowed ->> 'who_you_serve' else p.who_you_serve end,
      what_you_do = case when s.allowed ? 'what_you_do' then s.allowed ->> 'what_you_do' else p.what_you_do end,
      bio = case when s.allowed ? 'bio' then s.allowed ->> 'bio' else p.bio end,
      niche = case when s.allowed ? 'niche' then s.allowed ->> 'niche' else p.niche end,
      signature_programs = case when s.allowed ? 'signature_programs' then s.allowed ->> 'signature_programs' else p.signature_programs end,
      social_proof = case when s.allowed ? 'social_proof' then s.allowed ->> 'social_proof' else p.social_proof end,
      current_projects = case when s.allowed ? 'current_projects' then s.allowed ->> 'current_projects' else p.current_projects end,
      enrichment_metadata = jvmm.merge_field_meta(
        p.enrichment_metadata,
        (select jsonb_object_agg(key, coalesce(jvmm.field_meta(s.meta, key), '{"source": "unknown"}')
                                      || jsonb_build_object('method', 'check_profiles', 'updated_at', jvmm.stamp(),
                                                            'pipeline_version', $4::integer,
                                                            'input_hash', md5(coalesce(s.old ->> key, ''))))
         from jsonb_object_keys(s.allowed) as k(key)), '{}'),
      updated_at = now()
  from decided s
  where p.id = s.id and p.xmin = s.version and s.allowed <> '{}'
  returning p.id, jvmm.check_digest(array[p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                                p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof,
                                p.current_projects, p.niche_categories::text, p.offer_types::text,
                                p.content_style::text]) as digest,
            jsonb_build_object(
             'email', p.email, 'website', p.website, 'linkedin', p.linkedin, 'seeking', p.seeking,
             'offering', p.offering, 'who_you_serve', p.who_you_serve, 'what_you_do', p.what_you_do, 'bio', p.bio,
             'niche', p.niche, 'signature_programs', p.signature_programs, 'social_proof', p.social_proof, 'current_projects', p.current_projects) @> s.allowed as as_sent
)
select d.id, coalesce(u.digest, d.digest) as digest, coalesce(u.as_sent, true) as as_sent,
       array_to_string(d.kept, ',') as kept,
       case when u.id is not null then jsonb_build_object('values', d.values_before, 'field_meta', d.entries,
                                                          'metadata', jvmm.metadata_shape(d.meta))::text end as before
from decided d left join updated u using (id)
where d.allowed = '{}' or u.id is not null
