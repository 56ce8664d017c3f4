-- Takes back the personas that a run gave, a page at a time, where they are still those; forgets the ledger rows of the
-- page either way, so the next page starts after them. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page
with page as materialized (
  select profile_id, written, before, updated_at
  from jvmm.ledger
  where stage = 'cluster_personas' and run_id = $1 and outcome = 'done'
  order by profile_id limit $2
), restored as (
  update profiles p
  set audience_persona = page.before ->> 'value',
      classification_updated_at =
        case when p.classification_updated_at = page.updated_at
             then (page.before ->> 'classification_updated_at')::timestamptz else p.classification_updated_at end,
      enrichment_metadata = jvmm.unmerge_field_meta(p.enrichment_metadata, page.before -> 'field_meta',
                                                    page.before ->> 'metadata')
  from page
  where p.id = page.profile_id and jvmm.persona_digest(p.audience_persona) = page.written
  returning p.id
), parted as (
  delete from jvmm.persona_assignment a
  using restored, page
  where page.profile_id = restored.id and a.profile_id = restored.id
    and a.generation = (page.before ->> 'generation')::bigint and not page.before ? 'assigned'
), reassigned as (
  update jvmm.persona_assignment a
  set input_hash = was.input_hash, persona = was.persona, score = was.score, second = was.second,
      second_score = was.second_score, basis = was.basis, discovered = was.discovered
  from restored
  join page on page.profile_id = restored.id
  cross join lateral jsonb_populate_record(null::jvmm.persona_assignment, page.before -> 'assigned') as was
  where page.before ? 'assigned' and a.profile_id = restored.id and a.generation = (page.before ->> 'generation')::bigint
), forgotten as (
  delete from jvmm.ledger l using page where l.stage = 'cluster_personas' and l.profile_id = page.profile_id
  returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from restored) as restored
