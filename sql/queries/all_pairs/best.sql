-- The lists of the published generation, for COPY.
select profile_id, suggested_profile_id
from match_suggestions
where match_context ? 'generation' and match_context -> 'generation' <> '0'
order by profile_id, suggested_profile_id
