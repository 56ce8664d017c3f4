#include "cli/published.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/match_rows.hpp"

namespace jvmm::test {

Arguments all_pairs_arguments(Arguments further) {
  Arguments arguments{"rescore", "--all-pairs", "--scoring", "calibrated", "--now", k_scored_as_of};
  if (std::find(further.begin(), further.end(), "--top") == further.end())
    arguments.insert(arguments.end(), {"--top", "5"});
  arguments.insert(arguments.end(), further.begin(), further.end());
  return arguments;
}

json::Value all_pairs(CliDb const& db, Arguments arguments, int exit_code) {
  return db.run_json(all_pairs_arguments(std::move(arguments)), exit_code);
}

std::string published(CliDb const& db) {
  return db.sql(
      "select string_agg(concat_ws('|', profile_id, suggested_profile_id, score_ab, score_ba, harmonic_mean, "
      "match_reason), E'\\n' order by profile_id, suggested_profile_id) from match_suggestions "
      "where (match_context ->> 'generation')::bigint > 0");
}

std::string all_matches(CliDb const& db) {
  return db.sql(
      "select string_agg((to_jsonb(m) - array['suggested_at', 'match_context'])::text || "
      "(case when match_context ? 'generation' then match_context || jsonb_build_object('generation', "
      "match_context -> 'generation' <> '0') else match_context end)::text, E'\\n' "
      "order by profile_id, suggested_profile_id) from match_suggestions m");
}

std::string ranked_by_sql(CliDb const& oracle, std::string const& profiles, int top, double min_score,
                          double all_above) {
  oracle.sql(fmt::format(
      "insert into match_suggestions (id, profile_id, suggested_profile_id) select gen_random_uuid(), a.id, b.id "
      "from profiles a, profiles b where a.id <> b.id and a.id in ({0}) and b.id in ({0}) on conflict do nothing",
      profiles));
  rescore(oracle, {"--scoring", "calibrated"});
  return oracle.sql(fmt::format(
      "with ranked as (select *, row_number() over (partition by profile_id "
      "order by harmonic_mean desc, suggested_profile_id) as rank from match_suggestions "
      "where not match_context ? 'ineligible_reason') "
      "select string_agg(concat_ws('|', profile_id, suggested_profile_id, score_ab, score_ba, harmonic_mean, "
      "match_reason), E'\\n' order by profile_id, suggested_profile_id) from ranked "
      "where (rank <= {} and harmonic_mean >= {}) or harmonic_mean >= {}",
      top, min_score, all_above));
}

void embed(CliDb const& db) {
  db.run_json({"backfill-embeddings"});
}

void edit(CliDb const& db, int profile, std::string const& set) {
  db.sql(fmt::format("update profiles set {}, updated_at = '2026-10-31' where id = '{}'", set, profile_id(profile)));
  embed(db);
}

}  // namespace jvmm::test
