-- Pairs of which something is known, each once: what came of a match (connected or dismissed) first, then how well they were
-- scored, a fixed sample of these where there are more than wanted. A score of 0 says that a pair is not eligible.
-- $1 bigint: how many
select a, b, value, outcome
from (select least(profile_id, suggested_profile_id) as a, greatest(profile_id, suggested_profile_id) as b,
             max(case when status = 'connected' then 1.0 when status = 'dismissed' then 0.0
                      else least(greatest(harmonic_mean, 0), 100) / 100 end)::float8 as value,
             bool_or(status in ('connected', 'dismissed')) as outcome
      from match_suggestions
      where profile_id <> suggested_profile_id and (harmonic_mean > 0 or status in ('connected', 'dismissed'))
      group by 1, 2) as pairs
order by outcome desc, md5(a::text || b::text), a, b
limit $1
