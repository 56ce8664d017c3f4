-- A page of stored matches by id, each with the score it has.
-- $1 uuid: after this id; $2 uuid[]: only these, or null for all; $3 bigint: rows
select id, profile_id, suggested_profile_id, coalesce(harmonic_mean, match_score) as score
from match_suggestions
where id > $1::uuid and ($2::uuid[] is null or id = any ($2::uuid[]))
order by id
limit $3
