-- Takes back the credentials that a run wrote, a page at a time, where the column is still what it wrote; forgets the
-- ledger rows of the page either way, so the next page starts after them. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page
with page as (
  select profile_id, written, before
  from jvmm.ledger
  where stage = 'extract_credentials' and run_id = $1 and outcome = 'done'
  order by profile_id limit $2
), restored as (
  update profiles p
  set credentials = page.before -> 'value',
      enrichment_metadata = jvmm.unmerge_field_meta(p.enrichment_metadata, page.before -> 'field_meta',
                                                    page.before ->> 'metadata')
  from page
  where p.id = page.profile_id and md5(coalesce(p.credentials::text, '-')) = page.written
  returning p.id
), forgotten as (
  delete from jvmm.ledger l using page
  where l.stage = 'extract_credentials' and l.profile_id = page.profile_id
  returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from restored) as restored
