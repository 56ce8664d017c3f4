-- Marks the active reports of clients that have high quality matches suggested since their last mark, or since they were
-- made: the web application makes those reports again.
-- $1 uuid[]: clients; $2 float8: the score from which a match is of high quality
update matching_memberreport r
set client_profile = jvmm.context_object(r.client_profile) || jsonb_build_object(
      '_needs_regeneration', true, '_regen_reason', 'new_high_quality_matches', '_regen_flagged_at', jvmm.stamp(),
      '_new_matches', found.names)
from (select report.id, jsonb_agg(format('%s (%s)', coalesce(p.name, p.id::text), m.harmonic_mean)
                                  order by m.harmonic_mean desc, p.id) as names
      from matching_memberreport report
      cross join lateral (
        select jvmm.context_object(report.client_profile) ->> '_regen_flagged_at' as text) flagged
      join match_suggestions m on m.profile_id = report.supabase_profile_id
      join profiles p on p.id = m.suggested_profile_id
      where report.is_active and report.supabase_profile_id = any ($1::uuid[]) and m.harmonic_mean >= $2::float8
            and m.status is distinct from 'dismissed'
            and date_trunc('milliseconds', m.suggested_at) > greatest(
              report.created_at,
              case when flagged.text ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d' then flagged.text::timestamptz end)
      group by report.id) as found
where r.id = found.id
returning r.id, r.member_name, jsonb_array_length(found.names) as matches
