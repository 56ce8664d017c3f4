-- Profiles of one page whose persona is missing or stale, with what it follows from. What decides is the ledger: the hash
-- of the texts, and the fingerprint of the personas. What discovery found for these very texts is there as `given`.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text: fingerprint; $5 text: model;
-- $6 bigint: generation; $7 text: 'stale', 'force' or 'failed'; $8 timestamptz: what was given before is stale, or null;
-- $9 timestamptz: only profiles updated since, or null; $10 jsonb: ideal customers by id; $11 bigint: bytes of text after
-- which the page is cut; $12 integer: characters of a text that are read
with scanned as (
  select p.id, r.niche, r.ideal, h.audience, p.audience_persona is null as blank,
         jvmm.persona_input(h.audience, p.seeking, p.offering) as input_hash, l.outcome, l.input_hash as seen_input,
         l.fingerprint as seen_fingerprint, l.updated_at as seen_at
  from profiles p
  cross join lateral (
    select jvmm.niche_read(p.niche, jvmm.field_meta(p.enrichment_metadata, 'niche')) as niche,
           $10::jsonb ->> p.id::text as ideal offset 0) r
  cross join lateral (
    select jvmm.audience_input(p.who_you_serve, p.audience_type, r.niche, p.what_you_do, r.ideal) as audience offset 0) h
  left join jvmm.ledger l on l.stage = 'cluster_personas' and l.profile_id = p.id
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($9::timestamptz is null or p.updated_at >= $9::timestamptz)
    and ($7 <> 'failed' or l.outcome = 'failed')
  offset 0
), chosen as (
  select s.id, s.input_hash, s.blank, p.audience_persona as stored,
         left(jvmm.strip(p.who_you_serve), $12::integer) as who_you_serve,
         left(jvmm.strip(p.audience_type), $12::integer) as audience_type,
         left(jvmm.strip(s.niche), $12::integer) as niche,
         left(jvmm.strip(p.what_you_do), $12::integer) as what_you_do,
         left(jvmm.strip(p.seeking), $12::integer) as seeking,
         left(jvmm.strip(p.offering), $12::integer) as offering,
         left(jvmm.strip(s.ideal), $12::integer) as ideal,
         e.vector::text as vector, a.profile_id is not null as given, a.persona, a.score, a.second, a.second_score,
         a.basis, a.discovered
  from scanned s
  join profiles p using (id)
  left join jvmm.embedding e on e.profile_id = s.id and e.field = 'audience_embedding' and e.model = $5
                                and e.input_hash = s.audience
  left join jvmm.persona_assignment a on a.generation = $6 and a.profile_id = s.id and a.input_hash = s.input_hash
                                         and (a.discovered or $7 = 'stale')
  where case
          when $7 in ('force', 'failed') then true
          when s.seen_input is distinct from s.input_hash or s.seen_fingerprint is distinct from $4 then true
          when s.outcome = 'failed' then false
          else $8::timestamptz is not null and s.seen_at < $8::timestamptz
        end
), measured as (
  select chosen.*, row_number() over (order by id) as position,
         sum(octet_length(concat(who_you_serve, audience_type, niche, what_you_do, seeking, offering, ideal, vector)))
           over (order by id) as bytes
  from chosen
)
select measured.*, count(*) over () < (select count(*) from chosen) as cut
from measured
where position = 1 or bytes <= $11
order by id
