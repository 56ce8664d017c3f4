-- Profiles of one page whose audience embedding is missing or stale, with what it is made of. What decides is the ledger:
-- the hash of the texts, and the fingerprint of model, texts and weights.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: fingerprint; $5 text: model;
-- $6 text: 'stale', 'force' or 'failed'; $7 timestamptz: what was made before is stale, or null; $8 timestamptz: only
-- profiles updated since, or null; $9 jsonb: ideal customers by id; $10 bigint: bytes of text after which the page is
-- cut; $11 integer: characters of a text that are read
with scanned as (
  select p.id, r.niche, r.ideal, e.profile_id is not null as has_vector,
         jvmm.audience_input(p.who_you_serve, p.audience_type, r.niche, p.what_you_do, r.ideal) as input_hash,
         e.input_hash as stored_input, l.outcome, l.input_hash as seen_input, l.fingerprint as seen_fingerprint,
         l.updated_at as seen_at
  from profiles p
  cross join lateral (
    select jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')) as niche,
           $9::jsonb ->> p.id::text as ideal offset 0) r
  left join jvmm.ledger l on l.stage = 'audience' and l.profile_id = p.id
  left join jvmm.embedding e on e.profile_id = p.id and e.field = 'audience_embedding' and e.model = $5
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($8::timestamptz is null or p.updated_at >= $8::timestamptz)
    and ($6 <> 'failed' or l.outcome = 'failed')
  offset 0
), chosen as (
  select s.id, s.input_hash, s.has_vector,
         left(jvmm.strip(p.who_you_serve), $11::integer) as who_you_serve,
         left(jvmm.strip(p.audience_type), $11::integer) as audience_type,
         left(jvmm.strip(s.niche), $11::integer) as niche,
         left(jvmm.strip(p.what_you_do), $11::integer) as what_you_do,
         left(jvmm.strip(s.ideal), $11::integer) as ideal,
         case when p.embeddings_model = $5
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_who_you_serve') ->> 'input_hash'
                       = jvmm.text_hash(p.who_you_serve)
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_who_you_serve') ->> 'model' = $5
              then p.embedding_who_you_serve::text end as vector_who_you_serve,
         case when p.embeddings_model = $5
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') ->> 'input_hash'
                       = jvmm.text_hash(p.what_you_do)
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') ->> 'model' = $5
              then p.embedding_what_you_do::text end as vector_what_you_do
  from scanned s
  join profiles p using (id)
  where case
          when $6 in ('force', 'failed') then true
          when s.seen_input is distinct from s.input_hash or s.seen_fingerprint is distinct from $4 then true
          when s.outcome = 'failed' then false
          when s.has_vector and s.stored_input is distinct from s.input_hash then true
          else $7::timestamptz is not null and s.seen_at < $7::timestamptz
        end
), measured as (
  select chosen.*, row_number() over (order by id) as position,
         sum(octet_length(concat(who_you_serve, audience_type, niche, what_you_do, ideal, vector_who_you_serve,
                                 vector_what_you_do))) over (order by id) as bytes
  from chosen
)
select measured.*, count(*) over () < (select count(*) from chosen) as cut
from measured
where position = 1 or bytes <= $10
order by id
