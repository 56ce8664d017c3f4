-- How many profiles say something, and the place of the first that is beyond a sample of so many of them; null: they are no
-- more than that. A profile's place follows from its id and the seed, so that a growing table keeps most of its sample.
-- $1 text: seed; $2 bigint: rows
with saying as materialized (
  select md5($1::text || p.id::text) collate "C" as place from profiles p
  where jvmm.strip(concat(p.who_you_serve, p.audience_type, p.niche, p.what_you_do, p.seeking, p.offering)) <> ''
)
select count(*) as profiles, (select place from saying order by place offset $2::bigint limit 1) as beyond from saying
