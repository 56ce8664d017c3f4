-- Writes scored pairs of clients and prospects. A new pair is 'pending' and from 'contact_ingestion'; of a pair that is
-- there, status, source and trust stay, and what no score owns of its context.
-- Arrays with an element a row: $1 uuid[] clients, $2 uuid[] prospects, $3 float8[] score_ab, $4 float8[] score_ba,
-- $5 float8[] harmonic_mean, $6 text[] reasons, $7 jsonb[] contexts
insert into match_suggestions as m (id, profile_id, suggested_profile_id, match_score, score_ab, score_ba, harmonic_mean,
                                    match_reason, match_context, source, status, suggested_at)
select jvmm.match_id(profile_id, suggested_profile_id), profile_id, suggested_profile_id, harmonic_mean, score_ab,
       score_ba, harmonic_mean, reason, context || '{"source": "contact_ingestion"}', 'contact_ingestion', 'pending', now()
from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::float8[], $5::float8[], $6::text[], $7::jsonb[])
     as sent(profile_id, suggested_profile_id, score_ab, score_ba, harmonic_mean, reason, context)
on conflict (profile_id, suggested_profile_id) do update
set match_score = excluded.match_score, score_ab = excluded.score_ab, score_ba = excluded.score_ba,
    harmonic_mean = excluded.harmonic_mean, match_reason = excluded.match_reason,
    match_context = jvmm.scored_context(m.match_context, excluded.match_context - 'source'),
    suggested_at = excluded.suggested_at
returning profile_id, suggested_profile_id,
          jvmm.score_digest(score_ab, score_ba, harmonic_mean, match_reason) as digest
