-- Rows of the last generation that are not among the new one's are no longer among the best. They stay.
-- $1 bigint: the new generation; $2 uuid[]: only lists of these profiles; null: all
update match_suggestions m
set match_context = jsonb_set(m.match_context, '{generation}', '0')
where m.match_context ? 'generation' and m.match_context -> 'generation' <> '0'
      and ($2::uuid[] is null or m.profile_id = any ($2::uuid[]))
      and not exists (select from jvmm.staged_match s
                      where s.generation = $1 and s.profile_id = m.profile_id
                            and s.suggested_profile_id = m.suggested_profile_id)
