#include "cli/persona_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jvmm::test {
namespace {

struct Audience {
  char const* focus;
  std::array<char const*, 6> phrases;
  char const* seeks;
};

constexpr std::array<Audience, 4> k_audiences{{
    {"nurses",
     {"nurses on night shifts", "hospital ward managers", "paediatric midwives", "emergency room doctors",
      "care home assistants", "ambulance paramedics"},
     "partners who reach beginner landlords"},
    {"landlords",
     {"beginner landlords", "house flippers", "owners of holiday flats", "real estate syndicators",
      "commercial property investors", "mobile home park operators"},
     "joint workshops with nurses on night shifts"},
    {"couples",
     {"newly married couples", "partners before divorce", "blended families", "long-distance lovers",
      "parents of toddlers", "foster families"},
     "podcast guests"},
    {"founders",
     {"seed-stage founders", "chief technology officers", "software engineers", "venture capital analysts",
      "product managers", "data scientists"},
     "speakers for a summit"},
}};

std::string profile_values(int audience, int number) {
  auto const& of = k_audiences[static_cast<std::size_t>(audience)];
  auto const phrase = [&](int i) { return of.phrases[static_cast<std::size_t>(i % 6)]; };
  // Two phrases, one of them the next or the one after it, so that all six hang together.
  auto const serves = fmt::format("{}; {}", phrase(number), phrase(number + 1 + number % 2));
  return fmt::format(
      "(md5('{0} {1}')::uuid, '{0} coach {1}', '{0}', '{2}', 'We help {3} with matter {1}', '{4}', "
      "'group programmes for {5}')",
      of.focus, number, serves, phrase(number), number % 5 == 0 ? of.seeks : "partners", phrase(number + 3));
}

constexpr char const* k_end_state = R"(
  select coalesce(string_agg(line, E'\n' order by line), '') from (
    select 'profile ' || jsonb_build_object('id', id, 'persona', audience_persona, 'meta', enrichment_metadata
             #- '{field_meta,audience_persona,updated_at}')::text as line
    from profiles
    union all
    select 'vector ' || jsonb_build_object('id', profile_id, 'vector', md5(vector_send(vector)), 'hash', input_hash,
                                           'of', fingerprint, 'meta', provenance - 'updated_at')::text
    from jvmm.embedding
    union all
    select 'model ' || jsonb_build_object('generation', generation, 'state', state, 'revision', revision,
                                          'document', document, 'vectors', md5(vectors), 'input', input_hash,
                                          'report', report)::text
    from jvmm.persona_model
    union all
    select 'persona ' || to_jsonb(p)::text from jvmm.persona p
    union all
    select 'complement ' || to_jsonb(c)::text from jvmm.persona_complement c
    union all
    select 'assigned ' || to_jsonb(a)::text from jvmm.persona_assignment a
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'written', written, 'attempts', attempts)::text
    from jvmm.ledger where stage in ('audience', 'cluster_personas')) as lines)";

}  // namespace

PersonaWorld::PersonaWorld(Order order) {
  fill(m_db, order);
}

void PersonaWorld::fill(CliDb const& db, Order order) {
  std::vector<std::string> rows;
  for (int number = 0; number < k_each; ++number)
    for (int audience = 0; audience < 4; ++audience)
      rows.push_back(profile_values(audience, number));
  if (order == Order::reversed) std::reverse(rows.begin(), rows.end());
  db.sql(
      fmt::format("insert into profiles (id, name, business_focus, who_you_serve, what_you_do, seeking, offering) "
                  "values {}",
                  fmt::join(rows, ", ")));
  db.sql("insert into profiles (id, name) values (md5('silent')::uuid, 'Silent')");
}

CliResult PersonaWorld::run(Arguments const& arguments) const {
  CliOptions options;
  options.home = m_home.path();
  return m_db.run(arguments, std::move(options));
}

json::Value PersonaWorld::json(Arguments arguments, int exit_code) const {
  arguments.insert(arguments.end(), {"--format", "json"});
  auto const result = run(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return json::parse(result.out, "stdout of jvmm " + arguments.front());
}

json::Value PersonaWorld::cluster(Arguments more) const {
  bool const discovers = std::find(more.begin(), more.end(), "--assign-only") == more.end();
  more.insert(more.begin(), "cluster-personas");
  if (discovers) more.insert(more.end(), {"--method", "phrases", "--target-k", "4"});
  return json(std::move(more));
}

void PersonaWorld::add(std::string const& name, std::string const& who_you_serve, std::string const& seeking) const {
  m_db.sql(
      fmt::format("insert into profiles (id, name, who_you_serve, seeking) values (md5('{0}')::uuid, '{0}', "
                  "nullif('{1}', ''), nullif('{2}', ''))",
                  name, who_you_serve, seeking));
}

std::string PersonaWorld::persona_of(std::string const& name) const {
  return m_db.sql(fmt::format("select coalesce(audience_persona, '') from profiles where name = '{}'", name));
}

std::string PersonaWorld::end_state() const {
  return m_db.sql(k_end_state);
}

}  // namespace jvmm::test
