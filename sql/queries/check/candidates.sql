-- Profiles of one page that were not checked as they are now, with what is checked.
-- `digest` is of the columns, `page_digest` of the text of the profile's web page ("-": none); together the input.
-- $1 uuid: after this id; $2 uuid: up to this id; $3 uuid[]: only these, or null; $4 text[]: fingerprints that are good
-- enough; $5 boolean: all, whether checked or not; $6 timestamptz: checked before is stale, or null; $7 timestamptz: only
-- profiles updated since, or null; $8 boolean: compare with pages; $9 boolean: pages are in jvmm.page; arrays with an
-- element a page of a folder: $10 uuid[] profiles, $11 text[] digests; $12 bigint: bytes of text after which the page of
-- rows is cut
with folder as materialized (
  select * from unnest($10::uuid[], $11::text[]) as file(profile_id, digest)
), scanned as (
  select p.id, jvmm.check_digest(array[p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                                 p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof,
                                 p.current_projects, p.niche_categories::text, p.offer_types::text,
                                 p.content_style::text]) as digest,
         case when not $8::boolean then '-'
              when $9::boolean then coalesce((select md5(g.content || coalesce(g.extraction::text, ''))
                                              from jvmm.page g where g.profile_id = p.id), '-')
              else coalesce((select f.digest from folder f where f.profile_id = p.id), '-') end as page_digest,
         l.outcome, l.fingerprint, l.updated_at as checked_at,
         coalesce(l.written, split_part(l.input_hash, '/', 1)) as seen_digest,
         split_part(l.input_hash, '/', 2) as seen_page
  from profiles p
  left join jvmm.ledger l on l.stage = 'check_profiles' and l.profile_id = p.id
  where p.id > $1 and p.id <= $2
    and ($3::uuid[] is null or p.id = any ($3::uuid[]))
    and ($7::timestamptz is null or p.updated_at >= $7::timestamptz)
  offset 0
), chosen as (
  select id, digest || '/' || page_digest as input_hash
  from scanned
  where $5::boolean
     or not coalesce(fingerprint = any ($4::text[]) and seen_digest = digest
                     and (not $8::boolean or seen_page = page_digest)
                     and ($6::timestamptz is null or checked_at >= $6::timestamptz), false)
  offset 0
), measured as (
  select c.id, c.input_hash, row_number() over (order by c.id) as position,
         sum(octet_length(concat(p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve,
                                 p.what_you_do, p.bio, p.niche, p.signature_programs, p.social_proof, p.current_projects))
             + coalesce(octet_length(g.content), 0)) over (order by c.id) as bytes
  from chosen c join profiles p using (id)
  left join jvmm.page g on $8::boolean and $9::boolean and g.profile_id = c.id
)
select m.id, m.input_hash,
       p.email, p.website, p.linkedin, p.seeking, p.offering, p.who_you_serve, p.what_you_do, p.bio,
       p.niche, p.signature_programs, p.social_proof, p.current_projects,
       p.niche_categories::text as niche_categories, p.offer_types::text as offer_types, p.content_style::text as content_style,
       g.content as page, g.extraction::text as extraction,
       count(*) over () < (select count(*) from chosen) as cut
from measured m join profiles p using (id)
left join jvmm.page g on $8::boolean and $9::boolean and g.profile_id = m.id
where m.position = 1 or m.bytes <= $12
order by m.id
