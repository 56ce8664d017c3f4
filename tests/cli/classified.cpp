#include "cli/classified.hpp"

#include <fmt/format.h>

namespace jvmm::test {
namespace {

constexpr char const* k_end_state = R"(
  select coalesce(string_agg(line, E'\n' order by line), '') from (
    select 'profile ' || jsonb_build_object(
             'id', id, 'niches', niche_categories, 'offers', offer_types, 'style', content_style, 'niche', niche,
             'stamped', classification_updated_at is not null,
             'meta', enrichment_metadata #- '{field_meta,niche_categories,updated_at}'
                     #- '{field_meta,offer_types,updated_at}' #- '{field_meta,content_style,updated_at}'
                     #- '{field_meta,niche,updated_at}')::text as line
    from profiles
    union all
    select 'ledger ' || jsonb_build_object('stage', stage, 'id', profile_id, 'outcome', outcome, 'input', input_hash,
                                           'fingerprint', fingerprint, 'kind', kind, 'reason', reason,
                                           'written', written, 'attempts', attempts)::text
    from jvmm.ledger where stage like 'classify%'
    union all
    select 'review ' || jsonb_build_object('id', profile_id, 'column', column_name, 'reason', reason, 'detail', detail,
                                           'proposed', proposed, 'current', current, 'input', input_hash,
                                           'fingerprint', fingerprint, 'settled', verdict)::text
    from jvmm.review) as lines)";

}  // namespace

std::string classified_end_state(CliDb const& db) {
  return db.sql(k_end_state);
}

std::string column_of(CliDb const& db, int profile, std::string const& column) {
  return db.sql(
      fmt::format("select coalesce(({})::text, '') from profiles where id = '{}'", column, profile_id(profile)));
}

std::string entry_of(CliDb const& db, int profile, std::string const& column) {
  return column_of(db, profile, fmt::format("(enrichment_metadata #> '{{field_meta,{}}}')", column));
}

}  // namespace jvmm::test
