-- Profiles whose audience embedding is missing or made of other texts, and the distinct texts that it takes beside those whose
-- vectors 'jvmm backfill-embeddings' stores. Ideal customers of clients are not looked at.
-- $1 text: model
with pending as materialized (
  select r.niche, p.audience_type
  from profiles p
  cross join lateral (
    select jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')) as niche offset 0) r
  cross join lateral (
    select jvmm.audience_input(p.who_you_serve, p.audience_type, r.niche, p.what_you_do, null) as input_hash offset 0) h
  left join jvmm.ledger l on l.stage = 'audience' and l.profile_id = p.id and l.outcome = 'skipped'
                             and l.input_hash = h.input_hash
  left join jvmm.embedding e on e.profile_id = p.id and e.field = 'audience_embedding' and e.model = $1
  where jvmm.strip(concat(p.who_you_serve, p.audience_type, r.niche)) <> ''
    and l.profile_id is null and e.input_hash is distinct from h.input_hash
), texts as (
  select distinct jvmm.strip(one.value) as text
  from pending cross join lateral (values (niche), (audience_type)) as one(value)
  where jvmm.strip(one.value) <> ''
)
select (select count(*) from pending) as profiles, count(*) as texts, coalesce(sum(octet_length(text)), 0)::bigint as bytes
from texts
