-- Takes back the audience embeddings that a run made, a page at a time, where they are still those; forgets the ledger
-- rows of the page either way. Returns the rows looked at and those restored.
-- $1 bigint: run; $2 bigint: rows a page
with page as materialized (
  select l.profile_id, l.before, jvmm.vector_digest(e.vector) = l.written as same
  from (select profile_id, written, before from jvmm.ledger
        where stage = 'audience' and run_id = $1 and outcome = 'done' order by profile_id limit $2) l
  left join jvmm.embedding e on e.profile_id = l.profile_id and e.field = 'audience_embedding' and e.model = l.before ->> 'model'
), removed as (
  delete from jvmm.embedding e using page
  where page.same and not page.before ? 'vector' and e.profile_id = page.profile_id
    and e.field = 'audience_embedding' and e.model = page.before ->> 'model'
), restored as (
  insert into jvmm.embedding (profile_id, field, model, vector, input_hash, fingerprint, provenance)
  select profile_id, 'audience_embedding', before ->> 'model', (before ->> 'vector')::vector, before ->> 'input_hash',
         before ->> 'fingerprint', before -> 'provenance'
  from page where same and before ? 'vector'
  on conflict (profile_id, field, model) do update
    set vector = excluded.vector, input_hash = excluded.input_hash, fingerprint = excluded.fingerprint,
        provenance = excluded.provenance
), forgotten as (
  delete from jvmm.ledger l using page where l.stage = 'audience' and l.profile_id = page.profile_id
  returning l.profile_id
)
select (select count(*) from forgotten) as looked_at, (select count(*) from page where same) as restored
