-- Stores what a batch was classified as, where the profile still has the texts it was classified by. A column whose
-- provenance ranks higher keeps its value, and so does one whose classification is held back. The niche as text is
-- written by the mode and the source's rank. Returns the profiles that were found unchanged with what they hold now and
-- held before.
-- `stored` is materialized because the planner would otherwise repeat its expressions wherever a column is used; its xmin
-- tells the version of the row that everything was decided on.
-- $1 text: stage; $2 text: its column; $3 text[]: columns that are read; $4 jsonb: what the entries of a batch have in
-- common; $5 text: mode of the niche's text, 'never', 'empty' or 'priority'; arrays with an element a row: $6 uuid[] ids,
-- $7 text[] input hashes, $8 jsonb[] values (null: held back), $9 jsonb[] what each entry adds, $10 text[] hashes of
-- pages' texts, $11 text[] the niche as text (null: unknown)
with stamp as materialized (
  select $4::jsonb || jsonb_build_object('updated_at', jvmm.stamp()) as entry
), stored as materialized (
  select p.id, s.input_hash, s.value, s.entry as own_entry, s.label, p.xmin as version, p.enrichment_metadata as meta,
         jvmm.all_field_meta(p.enrichment_metadata) as fields, p.niche, p.classification_updated_at as classified_at,
         jvmm.classified($1, p.niche_categories, p.offer_types, p.content_style) as current,
         jvmm.classification_review_input(
           $1, jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')), jvmm.tags_text(p.tags),
           p.what_you_do, p.who_you_serve, p.offering, p.signature_programs, p.bio) as review_input
  from unnest($6::uuid[], $7::text[], $8::jsonb[], $9::jsonb[], $10::text[], $11::text[])
         as s(id, input_hash, value, entry, page, label)
  join profiles p using (id)
  where jvmm.classification_guard($3, jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')),
                                  jvmm.tags_text(p.tags), p.what_you_do, p.who_you_serve, p.offering,
                                  p.signature_programs, p.bio, s.page) = s.input_hash
), judged as materialized (
  select s.*, jvmm.entry_of(fields, $2) as old_entry, jvmm.entry_of(fields, 'niche') as niche_entry,
         jvmm.source_priority(jvmm.entry_of(fields, $2) ->> 'source') > jvmm.source_priority('hf_classification') as kept,
         jvmm.is_own_niche(niche, jvmm.entry_of(fields, 'niche')) as own_niche,
         jvmm.strip(coalesce(niche, '')) = '' as no_niche,
         jvmm.source_priority(jvmm.entry_of(fields, 'niche') ->> 'source') as niche_rank
  from stored s
), decided as materialized (
  select j.*, value is not null and not kept as writes,
         $1 = 'classify_niche' and $5 <> 'never' and value is not null and not kept
         and (own_niche or label is not null)
         and (own_niche or no_niche and niche_rank <= 45 or $5 = 'priority' and niche_rank < 45) as writes_niche
  from judged j
), next as materialized (
  select d.*, case when writes then value else current end as new_value,
         case when writes
              then jvmm.classification_entry(old_entry, value is distinct from current,
                                             stamp.entry || own_entry || jsonb_build_object('input_hash', input_hash))
         end as new_entry,
         case when not writes_niche then niche when label is null then niche_entry ->> 'replaced' else label end
           as new_niche,
         case when writes_niche and label is not null
              then jvmm.classification_entry(
                     niche_entry, label is distinct from niche,
                     stamp.entry || own_entry
                     || jsonb_build_object('input_hash', input_hash, 'value_hash', jvmm.text_hash(label))
                     || case when own_niche and niche_entry ? 'replaced'
                               then jsonb_build_object('replaced', niche_entry -> 'replaced')
                             when own_niche or no_niche then '{}'::jsonb
                             else jsonb_build_object('replaced', niche) end)
         end as new_niche_entry
  from decided d
  cross join stamp
), changes as materialized (
  select n.*,
         writes and (new_value is distinct from current or new_entry is distinct from old_entry)
         or writes_niche and (new_niche is distinct from niche or new_niche_entry is distinct from niche_entry)
           as changed,
         jsonb_build_object('metadata', jvmm.metadata_shape(meta), 'niche_too', writes_niche)
         || case when current is null then '{}'::jsonb else jsonb_build_object('value', current) end
         || case when writes_niche and niche is not null then jsonb_build_object('niche', niche) else '{}'::jsonb end
         || case when classified_at is null then '{}'::jsonb
                 else jsonb_build_object('classification_updated_at', classified_at) end
         || jsonb_build_object(
              'field_meta', jsonb_build_object($2, fields -> $2)
                            || case when writes_niche then jsonb_build_object('niche', fields -> 'niche')
                                    else '{}'::jsonb end) as before
  from next n
), updated as (
  update profiles p
  set niche_categories = case $1 when 'classify_niche' then c.new_value else p.niche_categories end,
      offer_types = case $1 when 'classify_offers' then c.new_value else p.offer_types end,
      content_style = case $1 when 'classify_style' then c.new_value else p.content_style end,
      niche = c.new_niche,
      classification_updated_at = now(),
      enrichment_metadata = jvmm.merge_field_meta(
        c.meta,
        case when c.new_entry is null then '{}'::jsonb else jsonb_build_object($2, c.new_entry) end
        || case when c.new_niche_entry is null then '{}'::jsonb else jsonb_build_object('niche', c.new_niche_entry) end,
        case when c.writes_niche and c.label is null then array['niche'] else '{}'::text[] end)
  from changes c
  where c.changed and p.id = c.id and p.xmin = c.version
  returning p.id, jvmm.classified($1, p.niche_categories, p.offer_types, p.content_style) as value, p.niche
)
select c.id, c.kept, c.changed, c.before::text as before,
       jvmm.classification_digest(case when c.changed then u.value else c.current end, c.writes_niche,
                                  case when c.changed then u.niche else c.niche end) as digest,
       not c.changed or u.value is not distinct from c.new_value and u.niche is not distinct from c.new_niche as as_sent,
       c.current::text as current, c.review_input,
       jvmm.source_priority(c.old_entry ->> 'source') >= 90 as confirmed
from changes c
left join updated u using (id)
where not c.changed or u.id is not null
