-- Accepts open entries: writes what they propose where the column and the input are still those that the proposal was
-- made from and the column's source does not rank above manual_edit. Returns what became of each id.
-- An entry without a proposal is settled and writes nothing; one whose profile was edited since is superseded; one that
-- is protected by its source, or that another transaction is at, stays open.
-- `stored` is materialized because its xmin tells the version of the row that everything was decided on.
-- $1 bigint[]: entries; $2 text: by whom; $3 text: note, or null; $4 bigint: pipeline version
with wanted as (
  select distinct id from unnest($1::bigint[]) as wanted(id)
), entry as materialized (
  select r.* from jvmm.review r join wanted using (id) where r.settled_at is null order by r.id for update of r
), stored as materialized (
  select p.id, p.xmin as version, p.enrichment_metadata as meta, to_jsonb(p) as content
  from profiles p where p.id in (select profile_id from entry)
), judged as materialized (
  select e.id, e.profile_id, e.column_name, e.proposed, e.input_hash,
         case when s.id is null then 'superseded'
              when e.current is distinct from nullif(s.content -> e.column_name, 'null'::jsonb)
                   or jvmm.review_input(e.stage, e.column_name, s.content) <> e.input_hash then 'superseded'
              when e.proposed is null then 'acknowledged'
              when not s.content ? e.column_name
                   or e.column_name not in ('email', 'website', 'linkedin', 'seeking', 'offering', 'who_you_serve',
                                            'what_you_do', 'bio', 'niche', 'signature_programs', 'social_proof',
                                            'current_projects', 'niche_categories', 'offer_types',
                                            'content_style', 'credentials', 'audience_persona') then 'not_writable'
              when jvmm.source_priority(jvmm.field_meta(s.meta, e.column_name) ->> 'source') > 80 then 'protected'
              else 'accepted' end as outcome
  from entry e left join stored s on s.id = e.profile_id
), sent as (
  select j.profile_id, jsonb_object_agg(j.column_name, j.proposed) as value,
         jsonb_object_agg(j.column_name, jsonb_build_object(
           'source', 'manual_edit', 'method', 'accepted', 'review', j.id, 'updated_at', jvmm.stamp(),
           'pipeline_version', $4::integer, 'input_hash', j.input_hash)) as stamps
  from judged j where j.outcome = 'accepted' group by j.profile_id
), written as (
  update profiles p
  set email = case when value ? 'email' then value ->> 'email' else p.email end,
      website = case when value ? 'website' then value ->> 'website' else p.website end,
      linkedin = case when value ? 'linkedin' then value ->> 'linkedin' else p.linkedin end,
      seeking = case when value ? 'seeking' then value ->> 'seeking' else p.seeking end,
      offering = case when value ? 'offering' then value ->> 'offering' else p.offering end,
      who_you_serve = case when value ? 'who_you_serve' then value ->> 'who_you_serve' else p.who_you_serve end,
      what_you_do = case when value ? 'what_you_do' then value ->> 'what_you_do' else p.what_you_do end,
      bio = case when value ? 'bio' then value ->> 'bio' else p.bio end,
      niche = case when value ? 'niche' then value ->> 'niche' else p.niche end,
      signature_programs = case when value ? 'signature_programs' then value ->> 'signature_programs'
                                else p.signature_programs end,
      social_proof = case when value ? 'social_proof' then value ->> 'social_proof' else p.social_proof end,
      current_projects = case when value ? 'current_projects' then value ->> 'current_projects'
                              else p.current_projects end,
      niche_categories = case when value ? 'niche_categories' then value -> 'niche_categories'
                              else p.niche_categories end,
      offer_types = case when value ? 'offer_types' then value -> 'offer_types' else p.offer_types end,
      content_style = case when value ? 'content_style' then value -> 'content_style' else p.content_style end,
      credentials = case when value ? 'credentials' then value -> 'credentials' else p.credentials end,
      audience_persona = case when value ? 'audience_persona' then value ->> 'audience_persona'
                              else p.audience_persona end,
      classification_updated_at = case when value ?| array['niche_categories', 'offer_types', 'content_style'] then now()
                                       else p.classification_updated_at end,
      enrichment_metadata = jvmm.merge_field_meta(p.enrichment_metadata, sent.stamps, '{}'),
      updated_at = now()
  from sent join stored s on s.id = sent.profile_id
  where p.id = sent.profile_id and p.xmin = s.version
  returning p.id
), outcome as (
  select j.id, case when j.outcome = 'accepted' and j.profile_id not in (select id from written) then 'busy'
                    else j.outcome end as outcome
  from judged j
), settled as (
  update jvmm.review r
  set settled_at = now(), settled_by = $2::text, note = $3::text,
      verdict = case o.outcome when 'superseded' then 'superseded' else 'accepted' end
  from outcome o
  where r.id = o.id and o.outcome in ('accepted', 'acknowledged', 'superseded')
  returning r.id
)
select wanted.id,
       case when o.outcome is not null then o.outcome when r.id is not null then 'settled_before' else 'unknown' end
         as outcome,
       (select count(*) from settled) as settled
from wanted
left join outcome o using (id)
left join jvmm.review r on r.id = wanted.id
order by 1
