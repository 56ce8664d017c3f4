-- Takes back what a run classified, a page at a time, where the columns are still what it wrote; forgets the ledger rows
-- of the page either way, so the next page starts after them, and withdraws what the run held back. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page; $3 text: stage
with page as (
  select profile_id, written, before, updated_at
  from jvmm.ledger
  where stage = $3 and run_id = $1 and outcome = 'done'
  order by profile_id limit $2
), restored as (
  update profiles p
  set niche_categories = case $3 when 'classify_niche' then page.before -> 'value' else p.niche_categories end,
      offer_types = case $3 when 'classify_offers' then page.before -> 'value' else p.offer_types end,
      content_style = case $3 when 'classify_style' then page.before -> 'value' else p.content_style end,
      niche = case when (page.before ->> 'niche_too')::boolean then page.before ->> 'niche' else p.niche end,
      classification_updated_at =
        case when p.classification_updated_at = page.updated_at
             then (page.before ->> 'classification_updated_at')::timestamptz else p.classification_updated_at end,
      enrichment_metadata = jvmm.unmerge_field_meta(p.enrichment_metadata, page.before -> 'field_meta',
                                                    page.before ->> 'metadata')
  from page
  where p.id = page.profile_id
    and jvmm.classification_digest(jvmm.classified($3, p.niche_categories, p.offer_types, p.content_style),
                                   (page.before ->> 'niche_too')::boolean, p.niche) = page.written
  returning p.id
), withdrawn as (
  update jvmm.review r
  set settled_at = now(), verdict = 'superseded', settled_by = 'jvmm', note = 'the run was taken back'
  from page
  where r.stage = $3 and r.run_id = $1 and r.profile_id = page.profile_id and r.settled_at is null
  returning r.id
), forgotten as (
  delete from jvmm.ledger l using page where l.stage = $3 and l.profile_id = page.profile_id returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from restored) as restored
