-- Profiles of one page whose vectors are missing, stale or left over, with the texts to embed. A text is null where
-- nothing has to be computed for that field. A profile without any text is a candidate once: the ledger remembers it.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: fingerprint; $5 text: model;
-- $6 bigint: pipeline version; $7 timestamptz: vectors written before are stale, or null; $8 text: 'stale', 'force' or
-- 'failed'; $9 timestamptz: only profiles updated since, or null; $10 bigint: bytes of text after which the page is cut
with scanned as (
  select p.id, jvmm.embedding_input(p.seeking, p.offering, p.who_you_serve, p.what_you_do) as input_hash,
         jvmm.embedding_text(p.seeking) as seeking, jvmm.embedding_text(p.offering) as offering,
         jvmm.embedding_text(p.who_you_serve) as who_you_serve, jvmm.embedding_text(p.what_you_do) as what_you_do,
         p.embedding_seeking is not null as has_seeking, p.embedding_offering is not null as has_offering,
         p.embedding_who_you_serve is not null as has_who_you_serve,
         p.embedding_what_you_do is not null as has_what_you_do,
         p.enrichment_metadata as meta, p.embeddings_updated_at as written_at,
         l.outcome, l.input_hash as seen_input, l.fingerprint as seen_fingerprint
  from profiles p
  left join jvmm.ledger l on l.stage = 'embed' and l.profile_id = p.id
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($9::timestamptz is null or p.updated_at >= $9::timestamptz)
    and ($8 <> 'failed' or l.outcome = 'failed')
), judged as (
  select scanned.*, again,
         again or jvmm.embedding_stale(seeking, has_seeking, jvmm.field_meta(meta, 'embedding_seeking'),
                                       written_at, $5, $6::integer, $7) as stale_seeking,
         again or jvmm.embedding_stale(offering, has_offering, jvmm.field_meta(meta, 'embedding_offering'),
                                       written_at, $5, $6::integer, $7) as stale_offering,
         again or jvmm.embedding_stale(who_you_serve, has_who_you_serve,
                                       jvmm.field_meta(meta, 'embedding_who_you_serve'),
                                       written_at, $5, $6::integer, $7) as stale_who_you_serve,
         again or jvmm.embedding_stale(what_you_do, has_what_you_do, jvmm.field_meta(meta, 'embedding_what_you_do'),
                                       written_at, $5, $6::integer, $7) as stale_what_you_do,
         coalesce(seen_input = input_hash and seen_fingerprint = $4, false) as seen,
         coalesce(seeking, offering, who_you_serve, what_you_do) is null
           and not (has_seeking or has_offering or has_who_you_serve or has_what_you_do) as empty
  from scanned
  cross join lateral (
    select $8 = 'force' or coalesce(outcome = 'done' and seen_fingerprint <> $4, false) as again) as redo
), chosen as (
  select id, input_hash, empty,
         case when stale_seeking then seeking end as seeking,
         case when stale_offering then offering end as offering,
         case when stale_who_you_serve then who_you_serve end as who_you_serve,
         case when stale_what_you_do then what_you_do end as what_you_do
  from judged
  where case
          when $8 in ('force', 'failed') then true
          when seen and outcome in ('failed', 'skipped') then false
          when empty then coalesce(outcome <> 'skipped' or seen_input <> input_hash, true)
          else stale_seeking or stale_offering or stale_who_you_serve or stale_what_you_do
        end
), measured as (
  select chosen.*, row_number() over (order by id) as position,
         sum(octet_length(concat(seeking, offering, who_you_serve, what_you_do))) over (order by id) as bytes
  from chosen
)
select id, input_hash, empty, seeking, offering, who_you_serve, what_you_do,
       count(*) over () < (select count(*) from chosen) as cut
from measured
where position = 1 or bytes <= $10
order by id
