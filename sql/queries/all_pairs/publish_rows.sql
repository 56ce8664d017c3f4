-- Brings a generation's rows into match_suggestions. Of a pair that is there, scores, reason and context are replaced; a
-- full context (breakdowns) keeps its form and is left to the rescoring of stored matches, but learns its generation.
-- Nothing of the user's is touched. Gives how many rows were inserted and how many updated.
-- $1 bigint: generation
with written as (
  insert into match_suggestions as m (id, profile_id, suggested_profile_id, match_score, score_ab, score_ba,
                                      harmonic_mean, match_reason, match_context, source, status, suggested_at)
  select jvmm.match_id(profile_id, suggested_profile_id), profile_id, suggested_profile_id, harmonic_mean, score_ab,
         score_ba, harmonic_mean, match_reason, match_context, 'jvmm_all_pairs', 'pending', now()
  from jvmm.staged_match
  where generation = $1
  on conflict (profile_id, suggested_profile_id) do update
  set score_ab = case when jvmm.context_object(m.match_context) ? 'breakdown_ab' then m.score_ab else excluded.score_ab end,
      score_ba = case when jvmm.context_object(m.match_context) ? 'breakdown_ab' then m.score_ba else excluded.score_ba end,
      harmonic_mean = case when jvmm.context_object(m.match_context) ? 'breakdown_ab' then m.harmonic_mean else excluded.harmonic_mean end,
      match_reason = case when jvmm.context_object(m.match_context) ? 'breakdown_ab' then m.match_reason else excluded.match_reason end,
      match_context = case when jvmm.context_object(m.match_context) ? 'breakdown_ab'
                           then jvmm.context_object(m.match_context)
                                || jsonb_build_object('generation', excluded.match_context -> 'generation')
                           else jvmm.scored_context(m.match_context, excluded.match_context) end
  returning xmax = 0 as inserted
)
select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated from written
