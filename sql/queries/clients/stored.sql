-- What is stored of clients with prospects: how each was scored last.
-- $1 uuid[]: clients; $2 uuid[]: prospects
select profile_id, suggested_profile_id, match_score, harmonic_mean,
       jvmm.context_object(match_context) -> 'scoring' ->> 'basis' as scored_basis,
       jvmm.context_object(match_context) -> 'scoring' ->> 'input' as scored_input
from match_suggestions
where profile_id = any ($1::uuid[]) and suggested_profile_id = any ($2::uuid[])
