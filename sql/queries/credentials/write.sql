-- Stores the credentials of a batch, where the profile still has the texts they were found in. A column whose provenance
-- ranks higher keeps its value. Returns the profiles that were found unchanged with what they hold now and held before.
-- `stored` is materialized because the planner would otherwise repeat its expressions wherever a column is used; its xmin
-- tells the version of the row that everything was decided on.
-- $1 jsonb: what the entries of a batch have in common; arrays with an element a row: $2 uuid[] ids, $3 text[] input
-- hashes, $4 jsonb[] values, $5 jsonb[] what each entry adds
with stamp as materialized (
  select $1::jsonb || jsonb_build_object('updated_at', jvmm.stamp()) as entry
), stored as materialized (
  select p.id, s.input_hash, s.value, s.entry as own_entry, p.xmin as version, p.enrichment_metadata as meta,
         jvmm.all_field_meta(p.enrichment_metadata) as fields, p.credentials as current
  from unnest($2::uuid[], $3::text[], $4::jsonb[], $5::jsonb[]) as s(id, input_hash, value, entry)
  join profiles p using (id)
  where jvmm.credentials_guard(p.social_proof, p.bio) = s.input_hash
), judged as materialized (
  select s.*, jvmm.entry_of(fields, 'credentials') as old_entry,
         jvmm.source_priority(jvmm.entry_of(fields, 'credentials') ->> 'source')
           > jvmm.source_priority('hf_classification') as kept
  from stored s
), changes as materialized (
  select j.id, j.version, j.meta, j.kept, j.current, n.new_value, n.new_entry,
         not kept and (n.new_value is distinct from current or n.new_entry is distinct from old_entry) as changed,
         jsonb_build_object('metadata', jvmm.metadata_shape(meta),
                            'field_meta', jsonb_build_object('credentials', fields -> 'credentials'))
         || case when current is null then '{}'::jsonb else jsonb_build_object('value', current) end as before
  from judged j
  cross join stamp
  cross join lateral (
    select case when kept then current else value end as new_value,
           case when not kept
                then jvmm.classification_entry(old_entry, value is distinct from current,
                                               stamp.entry || own_entry || jsonb_build_object('input_hash', input_hash))
           end as new_entry) n
), updated as (
  update profiles p
  set credentials = c.new_value,
      enrichment_metadata = jvmm.merge_field_meta(c.meta, jsonb_build_object('credentials', c.new_entry), '{}'::text[])
  from changes c
  where c.changed and p.id = c.id and p.xmin = c.version
  returning p.id, p.credentials as value
)
select c.id, c.kept, c.changed, c.before::text as before,
       md5(coalesce((case when c.changed then u.value else c.current end)::text, '-')) as digest,
       not c.changed or u.value is not distinct from c.new_value as as_sent
from changes c
left join updated u using (id)
where not c.changed or u.id is not null
