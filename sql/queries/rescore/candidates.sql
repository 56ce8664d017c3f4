-- Stored matches by id, with what is known of how they were scored last: by the ledger, as long as nobody else wrote the
-- scores since, or by the context, where other commands than this one wrote it. The caller compares that with what would be
-- written now. What failed counts as done until its input changes.
-- $1 uuid: after this id; $2 uuid: up to this one; $3 text: fingerprint of this scoring; $4 timestamptz: only matches
-- with a profile updated since; $5 uuid[]: only matches with one of these profiles; $6 bigint: without the compact rows
-- of this generation, which have just been written
select m.id, m.profile_id, m.suggested_profile_id, m.match_score, m.harmonic_mean,
       case when l.input_hash is not null then l.input_hash
            when own.compact or own.of_client then m.match_context #>> '{scoring,input}' end as scored_input,
       case when l.input_hash is not null then $3::text
            when own.compact or own.of_client then m.match_context #>> '{scoring,basis}' end as scored_basis,
       own.compact
from match_suggestions m
cross join lateral (
  select case when pg_column_size(m.match_context) < 1000
              then jsonb_typeof(m.match_context) = 'object' and m.match_context ? 'dimensions'
              else false end as compact,
         m.source = 'contact_ingestion' and jsonb_typeof(m.match_context) = 'object' as of_client) own
left join jvmm.ledger l
       on l.stage = 'rescore' and l.profile_id = m.id and l.profile_id > $1 and l.profile_id <= $2 and l.fingerprint = $3
          and (l.outcome = 'failed'
               or l.written = jvmm.score_digest(round(m.score_ab::numeric, 2), round(m.score_ba::numeric, 2),
                                                round(m.harmonic_mean::numeric, 2), m.match_reason))
where m.id > $1 and m.id <= $2
      and ($4::timestamptz is null
           or exists (select from profiles p
                      where p.id in (m.profile_id, m.suggested_profile_id) and p.updated_at >= $4::timestamptz))
      and ($5::uuid[] is null or m.profile_id = any ($5::uuid[]) or m.suggested_profile_id = any ($5::uuid[]))
      and ($6::bigint is null or m.match_context -> 'generation' is distinct from to_jsonb($6::bigint)
           or m.match_context ? 'breakdown_ab')
order by m.id
