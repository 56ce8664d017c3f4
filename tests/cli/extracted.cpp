#include "cli/extracted.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace jvmm::test {
namespace {

constexpr char const* k_end_state = R"(
  select coalesce(string_agg(line, E'\n' order by line), '') from (
    select 'profile ' || jsonb_build_object('id', id, 'credentials', credentials,
             'meta', enrichment_metadata #- '{field_meta,credentials,updated_at}')::text as line
    from profiles
    union all
    select 'ledger ' || jsonb_build_object('id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'kind', kind, 'reason', reason,
                                           'written', written, 'attempts', attempts)::text
    from jvmm.ledger where stage = 'extract_credentials') as lines)";

// PostgreSQL counts characters from 1.
constexpr char const* k_ungrounded = R"(
  select count(*) from profiles p
  cross join unnest(array['books', 'media_appearances', 'speaking_events', 'certifications', 'awards',
                          'podcast_appearances']) as kind
  cross join lateral jsonb_array_elements(jvmm.credentials_of(p.credentials, kind)) as one
  where substring(case one ->> 'field' when 'bio' then p.bio when 'social_proof' then p.social_proof end
                  from (one ->> 'start')::integer + 1
                  for (one ->> 'end')::integer - (one ->> 'start')::integer)
        is distinct from coalesce(one ->> 'title', one ->> 'name'))";

}  // namespace

std::string extracted_end_state(CliDb const& db) {
  return db.sql(k_end_state);
}

std::string names_of(CliDb const& db, int profile, std::string const& kind) {
  return db.sql(
      fmt::format("select coalesce(string_agg(coalesce(one ->> 'title', one ->> 'name'), ' | ' order by at), '') "
                  "from profiles, jsonb_array_elements(credentials -> '{}') with ordinality as list(one, at) "
                  "where id = '{}'",
                  kind, profile_id(profile)));
}

std::int64_t ungrounded_values(CliDb const& db) {
  return std::strtoll(db.sql(k_ungrounded).c_str(), nullptr, 10);
}

}  // namespace jvmm::test
