-- Profiles of one page whose classification is missing or stale, with what it reads. What decides is the ledger: the hash
-- of the texts that are read, and the fingerprint of what reads them. A profile without any of these texts is remembered,
-- and a candidate beyond that only where its column still says something.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: stage; $5 text: fingerprint;
-- $6 text[]: columns that are read, with 'page' for pages' texts; $7 text: 'stale', 'force' or 'failed'; $8 timestamptz:
-- what was classified before is stale, or null; $9 timestamptz: only profiles updated since, or null; $10 text: model
-- of vectors; $11 text[]: fields whose stored vectors serve; $12 uuid[] and $13 text[]: hashes of pages' texts that are
-- brought along, or null for those in jvmm.page; $14 bigint: bytes of text after which the page is cut; $15 integer:
-- characters of a text that are read
with scanned as (
  select p.id, page.hash as page_hash, jvmm.niche_read(p.niche, niche_meta) as niche,
         jvmm.classification_guard($6, jvmm.niche_read(p.niche, niche_meta), jvmm.tags_text(p.tags), p.what_you_do,
                                   p.who_you_serve, p.offering, p.signature_programs, p.bio, page.hash) as input_hash,
         jvmm.source_priority(niche_meta ->> 'source') >= 90 as niche_confirmed,
         l.outcome, l.input_hash as seen_input, l.fingerprint as seen_fingerprint, l.updated_at as seen_at
  from profiles p
  cross join lateral (
    select jvmm.field_meta(p.enrichment_metadata, 'niche') as niche_meta offset 0) m
  left join jvmm.ledger l on l.stage = $4 and l.profile_id = p.id
  left join jvmm.page stored on $12::uuid[] is null and 'page' = any ($6::text[]) and stored.profile_id = p.id
  left join (select * from unnest($12::uuid[], $13::text[]) as one(id, hash)) brought on brought.id = p.id
  cross join lateral (
    select coalesce(brought.hash, case when stored.content is not null then jvmm.text_hash(stored.content) end) as hash) page
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($9::timestamptz is null or p.updated_at >= $9::timestamptz)
    and ($7 <> 'failed' or l.outcome = 'failed')
  offset 0
), chosen as (
  select s.id, s.input_hash, s.page_hash, s.niche_confirmed,
         case when 'niche' = any ($6::text[]) then left(jvmm.strip(s.niche), $15::integer) end as niche,
         case when 'tags' = any ($6::text[]) then left(jvmm.strip(jvmm.tags_text(p.tags)), $15::integer) end as tags,
         case when 'what_you_do' = any ($6::text[]) then left(jvmm.strip(p.what_you_do), $15::integer) end as what_you_do,
         case when 'who_you_serve' = any ($6::text[]) then left(jvmm.strip(p.who_you_serve), $15::integer) end
           as who_you_serve,
         case when 'offering' = any ($6::text[]) then left(jvmm.strip(p.offering), $15::integer) end as offering,
         case when 'signature_programs' = any ($6::text[]) then left(jvmm.strip(p.signature_programs), $15::integer) end
           as signature_programs,
         case when 'bio' = any ($6::text[]) then left(jvmm.strip(p.bio), $15::integer) end as bio,
         case when 'page' = any ($6::text[]) then left(jvmm.strip(t.content), $15::integer) end as page_text,
         jvmm.is_blank_json(jvmm.classified($4, p.niche_categories, p.offer_types, p.content_style)) as blank,
         case when 'what_you_do' = any ($11::text[]) and p.embeddings_model = $10
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') ->> 'input_hash'
                       = jvmm.text_hash(p.what_you_do)
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_what_you_do') ->> 'model' = $10
              then p.embedding_what_you_do::text end as vector_what_you_do,
         case when 'who_you_serve' = any ($11::text[]) and p.embeddings_model = $10
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_who_you_serve') ->> 'input_hash'
                       = jvmm.text_hash(p.who_you_serve)
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_who_you_serve') ->> 'model' = $10
              then p.embedding_who_you_serve::text end as vector_who_you_serve,
         case when 'offering' = any ($11::text[]) and p.embeddings_model = $10
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_offering') ->> 'input_hash'
                       = jvmm.text_hash(p.offering)
                   and jvmm.field_meta(p.enrichment_metadata, 'embedding_offering') ->> 'model' = $10
              then p.embedding_offering::text end as vector_offering
  from scanned s
  join profiles p using (id)
  left join jvmm.page t on $12::uuid[] is null and 'page' = any ($6::text[]) and t.profile_id = p.id
  where case
          when $7 in ('force', 'failed') then true
          when s.seen_input is distinct from s.input_hash or s.seen_fingerprint is distinct from $5 then true
          when s.outcome = 'failed' then false
          else $8::timestamptz is not null and s.seen_at < $8::timestamptz
        end
), measured as (
  select chosen.*, row_number() over (order by id) as position,
         coalesce(nullif(concat(niche, tags, what_you_do, who_you_serve, offering, signature_programs, bio, page_text),
                         ''), page_hash) is null as empty,
         sum(octet_length(concat(niche, tags, what_you_do, who_you_serve, offering, signature_programs, bio, page_text,
                                 vector_what_you_do, vector_who_you_serve, vector_offering))) over (order by id) as bytes
  from chosen
)
select measured.*, count(*) over () < (select count(*) from chosen) as cut
from measured
where position = 1 or bytes <= $14
order by id
