-- What match_suggestions holds for one profile and the one suggested to it, and how it was scored last. `untouched`: the
-- scores are what the ledger's run wrote; null where rescoring never wrote them.
-- $1 uuid: profile; $2 uuid: suggested profile
select m.id, m.match_score, m.score_ab, m.score_ba, m.harmonic_mean, m.match_reason, m.status, m.source,
       coalesce(jsonb_typeof(m.match_context), 'null') as form, jvmm.context_object(m.match_context) as context,
       l.fingerprint as scored_basis, l.input_hash as scored_input,
       l.written = jvmm.score_digest(m.score_ab, m.score_ba, m.harmonic_mean, m.match_reason) as untouched
from match_suggestions m
left join jvmm.ledger l on l.stage = 'rescore' and l.profile_id = m.id and l.outcome = 'done'
where m.profile_id = $1 and m.suggested_profile_id = $2
order by m.id
