-- Writes the scores of stored matches, where they still link the same two profiles. Nothing of the user's is touched:
-- status, notes, trust, times, match_score. Keys of match_context that no score owns stay; a context that is no object
-- becomes the key 'unreadable' of one.
-- Arrays with an element a row: $1 uuid[] ids, $2 uuid[] profiles, $3 uuid[] suggested profiles, $4 float8[] score_ab,
-- $5 float8[] score_ba, $6 float8[] harmonic_mean, $7 text[] reasons, $8 jsonb[] contexts
update match_suggestions m
set score_ab = sent.score_ab, score_ba = sent.score_ba, harmonic_mean = sent.harmonic_mean, match_reason = sent.reason,
    match_context = jvmm.scored_context(m.match_context, sent.context)
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::float8[], $5::float8[], $6::float8[], $7::text[], $8::jsonb[])
     as sent(id, profile_id, suggested_profile_id, score_ab, score_ba, harmonic_mean, reason, context)
where m.id = sent.id and m.profile_id = sent.profile_id and m.suggested_profile_id = sent.suggested_profile_id
returning m.id, jvmm.score_digest(round(m.score_ab::numeric, 2), round(m.score_ba::numeric, 2),
                                  round(m.harmonic_mean::numeric, 2), m.match_reason) as digest
