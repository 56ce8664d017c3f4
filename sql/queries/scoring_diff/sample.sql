-- A random sample of stored matches, the same for the same seed.
-- $1 text: seed; $2 bigint: how many
select id from match_suggestions order by md5(id::text || '/' || $1), id limit $2
