-- Takes back what a run mended, a page at a time, where the columns are still as it left them; forgets the ledger rows of
-- the page either way, so the next page starts after them. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page
with page as (
  select profile_id, written, before, before -> 'values' as v
  from jvmm.ledger
  where stage = 'check_profiles' and run_id = $1 and outcome = 'done'
  order by profile_id limit $2
), restored as (
  update profiles p
  set email = case when v ? 'email' then v ->> 'email' else p.email end,
      website = case when v ? 'website' then v ->> 'website' else p.website end,
      linkedin = case when v ? 'linkedin' then v ->> 'linkedin' else p.linkedin end,
      seeking = case when v ? 'seeking' then v ->> 'seeking' else p.seeking end,
      offering = case when v ? 'offering' then v ->> 'offering' else p.offering end,
      who_you_serve = case when v ? 'who_you_serve' then v ->> 'who_you_serve' else p.who_you_serve end,
      what_you_do = case when v ? 'what_you_do' then v ->> 'what_you_do' else p.what_you_do end,
      bio = case when v ? 'bio' then v ->> 'bio' else p.bio end,
      niche = case when v ? 'niche' then v ->> 'niche' else p.niche end,
      signature_programs = case when v ? 'signature_programs' then v ->> 'signature_programs' else p.signature_programs end,
      social_proof = case when v ? 'social_proof' then v ->> 'social_proof' else p.social_proof end,
      current_projects = case when v ? 'current_projects' then v ->> 'current_projects' else p.current_projects end,
      enrichment_metadata = jvmm.unmerge_field_meta(p.enrichment_metadata, page.before -> 'field_meta',
                                                    page.before ->> 'metadata'),
      updated_at = now()
  from page
  where p.id = page.profile_id and jsonb_typeof(page.before) = 'object'
    and jvmm.check_digest(array[p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                            p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof,
                            p.current_projects, p.niche_categories::text, p.offer_types::text,
                            p.content_style::text]) = page.written
  returning p.id
), forgotten as (
  delete from jvmm.ledger l using page
  where l.stage = 'check_profiles' and l.profile_id = page.profile_id
  returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from restored) as restored,
       (select count(*) from page where jsonb_typeof(before) is distinct from 'object') as untouched
