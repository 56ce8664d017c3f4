-- Profiles of one page whose credentials are missing or stale, with the texts they are read from. What decides is the
-- ledger: the hash of the texts, and the fingerprint of what reads them. A profile without text is remembered, and a
-- candidate beyond that only where its column still says something.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: fingerprint; $5 text: 'stale',
-- 'force' or 'failed'; $6 timestamptz: what was done before is stale, or null; $7 timestamptz: only profiles updated since,
-- or null; $8 bigint: bytes of text after which the page is cut; $9 integer: characters of a text that are read
with scanned as (
  select p.id, jvmm.credentials_guard(p.social_proof, p.bio) as input_hash,
         l.outcome, l.input_hash as seen_input, l.fingerprint as seen_fingerprint, l.updated_at as seen_at
  from profiles p
  left join jvmm.ledger l on l.stage = 'extract_credentials' and l.profile_id = p.id
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($7::timestamptz is null or p.updated_at >= $7::timestamptz)
    and ($5 <> 'failed' or l.outcome = 'failed')
  offset 0
), chosen as (
  select s.id, s.input_hash, left(p.social_proof, $9::integer) as social_proof, left(p.bio, $9::integer) as bio,
         p.credentials is not distinct from '{}'::jsonb as empty
  from scanned s
  join profiles p using (id)
  where case
          when $5 in ('force', 'failed') then true
          when s.seen_input is distinct from s.input_hash or s.seen_fingerprint is distinct from $4 then true
          when s.outcome = 'failed' then false
          else $6::timestamptz is not null and s.seen_at < $6::timestamptz
        end
), measured as (
  select chosen.*, row_number() over (order by id) as position,
         sum(octet_length(concat(social_proof, bio))) over (order by id) as bytes
  from chosen
)
select measured.*, count(*) over () < (select count(*) from chosen) as cut
from measured
where position = 1 or bytes <= $8
order by id
