-- Profiles of one page whose vectors are missing, stale or left over, with the texts to embed. A text is null where
-- nothing has to be computed for that field. A profile without any text is a candidate once: the ledger remembers it.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: fingerprint; $5 text: model;
-- $6 bigint: pipeline version; $7 timestamptz: vectors written before are stale, or null; $8 text: 'stale', 'force' or
-- 'failed'; $9 timestamptz: only profiles updated since, or null; $10 bigint: bytes of text after which the page is cut
-- `offset 0` keeps the planner from repeating a step's expressions wherever the next one uses them: every row of the
-- table comes through here, most of them only to be found up to date.
with scanned as (
  select p.id, p.embeddings_updated_at as written_at,
         jvmm.text_hash(p.seeking) as hash_seeking, jvmm.text_hash(p.offering) as hash_offering,
         jvmm.text_hash(p.who_you_serve) as hash_who_you_serve, jvmm.text_hash(p.what_you_do) as hash_what_you_do,
         jvmm.has_text(p.seeking) as text_seeking, jvmm.has_text(p.offering) as text_offering,
         jvmm.has_text(p.who_you_serve) as text_who_you_serve, jvmm.has_text(p.what_you_do) as text_what_you_do,
         p.embedding_seeking is not null as has_seeking, p.embedding_offering is not null as has_offering,
         p.embedding_who_you_serve is not null as has_who_you_serve,
         p.embedding_what_you_do is not null as has_what_you_do,
         jvmm.entry_of(fields, 'embedding_seeking') as meta_seeking,
         jvmm.entry_of(fields, 'embedding_offering') as meta_offering,
         jvmm.entry_of(fields, 'embedding_who_you_serve') as meta_who_you_serve,
         jvmm.entry_of(fields, 'embedding_what_you_do') as meta_what_you_do,
         l.outcome, l.input_hash as seen_input, l.fingerprint as seen_fingerprint,
         $8 = 'force' or coalesce(l.outcome = 'done' and l.fingerprint <> $4, false) as again
  from profiles p
  cross join lateral (select p.enrichment_metadata -> 'field_meta' as fields offset 0) m
  left join jvmm.ledger l on l.stage = 'embed' and l.profile_id = p.id
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($9::timestamptz is null or p.updated_at >= $9::timestamptz)
    and ($8 <> 'failed' or l.outcome = 'failed')
  offset 0
), judged as (
  select id, outcome, jvmm.embedding_guard(hash_seeking, hash_offering, hash_who_you_serve, hash_what_you_do)
                        as input_hash, seen_input, seen_fingerprint,
         again or jvmm.embedding_stale(text_seeking, hash_seeking, has_seeking, meta_seeking, written_at, $5,
                                       $6::integer, $7) as stale_seeking,
         again or jvmm.embedding_stale(text_offering, hash_offering, has_offering, meta_offering, written_at, $5,
                                       $6::integer, $7) as stale_offering,
         again or jvmm.embedding_stale(text_who_you_serve, hash_who_you_serve, has_who_you_serve,
                                       meta_who_you_serve, written_at, $5, $6::integer, $7) as stale_who_you_serve,
         again or jvmm.embedding_stale(text_what_you_do, hash_what_you_do, has_what_you_do,
                                       meta_what_you_do, written_at, $5, $6::integer, $7) as stale_what_you_do,
         not (text_seeking or text_offering or text_who_you_serve or text_what_you_do
              or has_seeking or has_offering or has_who_you_serve or has_what_you_do) as empty
  from scanned
  offset 0
), chosen as (
  select id, input_hash, empty,
         case when stale_seeking then jvmm.embedding_text(p.seeking) end as seeking,
         case when stale_offering then jvmm.embedding_text(p.offering) end as offering,
         case when stale_who_you_serve then jvmm.embedding_text(p.who_you_serve) end as who_you_serve,
         case when stale_what_you_do then jvmm.embedding_text(p.what_you_do) end as what_you_do
  from judged j
  join profiles p using (id)
  where case
          when $8 in ('force', 'failed') then true
          when outcome in ('failed', 'skipped') and seen_input = input_hash and seen_fingerprint = $4 then false
          when empty then seen_input is distinct from input_hash
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
