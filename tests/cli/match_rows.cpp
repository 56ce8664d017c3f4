#include "cli/match_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jvmm::test {

std::string match_id(int number) {
  return fmt::format("20000000-0000-4000-8000-{:012d}", number);
}

void add_scorable_profiles(CliDb const& db, int count) {
  db.sql(fmt::format(
      "insert into profiles (id, name, seeking, offering, who_you_serve, what_you_do, list_size, updated_at) "
      "select ('10000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'Profile ' || i, "
      "'podcast guests and launch partner number ' || i, 'online courses and podcast number ' || i, "
      "'coaches and consultants of kind ' || i, 'teach people to speak', 100 * i, '2026-10-01' "
      "from generate_series(1, {}) i",
      count));
}

void add_match(CliDb const& db, int number, int a, int b, std::string const& set) {
  db.sql(fmt::format("insert into match_suggestions (id, profile_id, suggested_profile_id) values ('{}', '{}', '{}')",
                     match_id(number), profile_id(a), profile_id(b)));
  if (!set.empty()) db.sql(fmt::format("update match_suggestions set {} where id = '{}'", set, match_id(number)));
}

void add_chain(CliDb const& db, int matches) {
  for (int i = 1; i <= matches; ++i)
    add_match(db, i, i, i + 1);
}

json::Value rescore(CliDb const& db, Arguments arguments, int exit_code) {
  arguments.insert(arguments.begin(), {"rescore"});
  if (std::find(arguments.begin(), arguments.end(), "--now") == arguments.end())
    arguments.insert(arguments.end(), {"--now", k_scored_as_of});
  return db.run_json(arguments, exit_code);
}

std::int64_t rescored(CliDb const& db, Arguments arguments, int exit_code) {
  return summary(rescore(db, std::move(arguments), exit_code), "done");
}

std::string all_scores(CliDb const& db) {
  return db.sql(
      "select string_agg(concat_ws(' ', id, score_ab, score_ba, harmonic_mean, match_reason, "
      "(match_context - 'scored_at')::text), E'\\n' order by id) from match_suggestions");
}

std::string of_match(CliDb const& db, int number, std::string const& expression) {
  return db.sql(fmt::format("select {} from match_suggestions where id = '{}'", expression, match_id(number)));
}

}  // namespace jvmm::test
