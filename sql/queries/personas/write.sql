-- Gives the profiles of a batch their personas, where they still have the texts that these follow from and the generation
-- is still in use. A column whose provenance ranks higher keeps its value. Returns the profiles that were found unchanged
-- with what they hold now and held before.
-- `stored` is materialized because the planner would otherwise repeat its expressions wherever a column is used; its xmin
-- tells the version of the row that everything was decided on.
-- $1 bigint: generation; $2 jsonb: what the entries of a batch have in common; $3 jsonb: ideal customers by id; arrays with
-- an element a row: $4 uuid[] ids, $5 text[] input hashes, $6 text[] personas (null: none), $7 float8[] scores,
-- $8 text[] second personas (null: none), $9 float8[] their scores, $10 text[] what each follows from, $11 boolean[]
-- whether discovery found it
with stored as materialized (
  select p.id, s.input_hash, s.persona, s.score, s.second, s.second_score, s.basis, s.discovered, p.xmin as version,
         p.enrichment_metadata as meta, p.audience_persona as current, p.classification_updated_at as classified_at,
         jvmm.all_field_meta(p.enrichment_metadata) as fields, to_jsonb(a) as assigned
  from unnest($4::uuid[], $5::text[], $6::text[], $7::float8[], $8::text[], $9::float8[], $10::text[],
              $11::boolean[]) as s(id, input_hash, persona, score, second, second_score, basis, discovered)
  join profiles p using (id)
  join jvmm.persona_model m on m.state = 'current' and m.generation = $1
  left join jvmm.persona_assignment a on a.generation = $1 and a.profile_id = s.id
  where jvmm.persona_input(
          jvmm.audience_input(p.who_you_serve, p.audience_type,
                              jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')), p.what_you_do,
                              $3::jsonb ->> p.id::text),
          p.seeking, p.offering) = s.input_hash
), judged as materialized (
  select s.*, jvmm.entry_of(fields, 'audience_persona') as old_entry,
         jvmm.source_priority(jvmm.entry_of(fields, 'audience_persona') ->> 'source')
           > jvmm.source_priority('hf_classification') as kept
  from stored s
), next as materialized (
  select j.*, case when kept then current else persona end as new_value,
         case when not kept and persona is not null
              then jvmm.classification_entry(
                     old_entry, persona is distinct from current,
                     $2::jsonb || jsonb_build_object('updated_at', jvmm.stamp(), 'method', basis,
                                                     'input_hash', input_hash))
              when kept then old_entry end as new_entry
  from judged j
), changes as materialized (
  select n.*, new_value is distinct from current or new_entry is distinct from old_entry as changed,
         jsonb_build_object('metadata', jvmm.metadata_shape(meta), 'generation', $1::bigint,
                            'field_meta', jsonb_build_object('audience_persona', fields -> 'audience_persona'))
         || case when current is null then '{}'::jsonb else jsonb_build_object('value', current) end
         || case when assigned is null then '{}'::jsonb else jsonb_build_object('assigned', assigned) end
         || case when classified_at is null then '{}'::jsonb
                 else jsonb_build_object('classification_updated_at', classified_at) end as before
  from next n
), updated as (
  update profiles p
  set audience_persona = c.new_value, classification_updated_at = now(),
      enrichment_metadata = jvmm.merge_field_meta(
        c.meta,
        case when c.new_entry is null then '{}'::jsonb else jsonb_build_object('audience_persona', c.new_entry) end,
        case when c.new_entry is null then array['audience_persona'] else '{}'::text[] end)
  from changes c
  where c.changed and p.id = c.id and p.xmin = c.version
  returning p.id, p.audience_persona
), assigned as (
  insert into jvmm.persona_assignment (generation, profile_id, input_hash, persona, score, second, second_score, basis,
                                       discovered)
  select $1, c.id, c.input_hash, c.persona, c.score, c.second, c.second_score, c.basis, c.discovered
  from changes c
  left join updated u using (id)
  where not c.changed or u.id is not null
  on conflict (generation, profile_id) do update
    set input_hash = excluded.input_hash, persona = excluded.persona, score = excluded.score, second = excluded.second,
        second_score = excluded.second_score, basis = excluded.basis, discovered = excluded.discovered
)
select c.id, c.kept, c.changed, c.before::text as before,
       jvmm.persona_digest(case when c.changed then u.audience_persona else c.current end) as digest,
       not c.changed or u.audience_persona is not distinct from c.new_value as as_sent
from changes c
left join updated u using (id)
where not c.changed or u.id is not null
