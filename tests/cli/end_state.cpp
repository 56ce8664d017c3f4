#include "cli/end_state.hpp"

namespace jvmm::test {

std::string embedding_end_state(CliDb const& db) {
  auto const profiles =
      "select md5(string_agg(id || p.what, '' order by id)) from profiles, lateral (select regexp_replace((to_jsonb("
      "profiles) - 'embeddings_updated_at')::text, '\"updated_at\": \"[^\"]*\", \"pipeline_version\": 2', '', 'g')) "
      "p(what)";
  auto const ledger =
      "select md5(string_agg(concat_ws(' ', profile_id, outcome, input_hash, fingerprint, reason, attempts, written, "
      "regexp_replace(before::text, '\"embeddings_updated_at\": \"[^\"]*\"', '')), ',' order by profile_id)) "
      "from jvmm.ledger";
  return db.sql(profiles) + " " + db.sql(ledger);
}

}  // namespace jvmm::test
