-- Takes back what a run wrote, a page at a time, where the vectors are still those it wrote; forgets the ledger rows of
-- the page either way, so the next page starts after them. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page
with page as (
  select profile_id, written, before
  from jvmm.ledger
  where stage = 'embed' and run_id = $1 and outcome = 'done'
  order by profile_id limit $2
), restored as (
  update profiles p
  set embedding_seeking = (page.before ->> 'embedding_seeking')::vector,
      embedding_offering = (page.before ->> 'embedding_offering')::vector,
      embedding_who_you_serve = (page.before ->> 'embedding_who_you_serve')::vector,
      embedding_what_you_do = (page.before ->> 'embedding_what_you_do')::vector,
      embeddings_model = page.before ->> 'embeddings_model',
      embeddings_updated_at = (page.before ->> 'embeddings_updated_at')::timestamptz,
      enrichment_metadata = jvmm.unmerge_field_meta(
        p.enrichment_metadata,
        coalesce(page.before -> 'field_meta',
                 '{"embedding_seeking": null, "embedding_offering": null, "embedding_who_you_serve": null,
                   "embedding_what_you_do": null}'::jsonb),
        page.before ->> 'metadata')
  from page
  where p.id = page.profile_id
    and jvmm.embedding_digest(p.embedding_seeking, p.embedding_offering, p.embedding_who_you_serve,
                              p.embedding_what_you_do) = page.written
  returning p.id
), forgotten as (
  delete from jvmm.ledger l using page where l.stage = 'embed' and l.profile_id = page.profile_id returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from restored) as restored
