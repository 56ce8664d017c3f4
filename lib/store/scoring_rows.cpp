#include "store/scoring_rows.hpp"

#include "base/error.hpp"
#include "db/copy.hpp"
#include "db/sql.hpp"
#include "json/parse.hpp"

namespace jvmm::store {
namespace {

// COPY takes no arrays; PostgreSQL reads one from text.
std::optional<std::string> array_text(std::span<ProfileId const> ids) {
  if (ids.empty()) return std::nullopt;
  std::string text = "{";
  for (auto const& id : ids)
    text += (text.size() > 1 ? "," : "") + id.text();
  return text + "}";
}

}  // namespace

void read_profiles(db::Transaction& tx, ProfileId after, ProfileId upto, std::span<ProfileId const> only,
                   UseProfile const& use, RefuseProfile const& refuse) {
  db::CopyReader reader(tx, db::sql::scoring_profiles, db::Params().add(after).add(upto).add(array_text(only)));
  while (auto const* const row = reader.next()) {
    auto const id = row->get<ProfileId>(0);
    std::optional<Profile> profile;
    try {
      auto const document = json::parse(row->jsonb(1), "profile " + id.text());
      profile = parse_profile(json::Ref(document, "profile " + id.text()));
    } catch (Error const& error) {
      if (error.kind() != Kind::bad_input) throw;
      refuse(id, error.message());
      continue;
    }
    for (auto const field : k_embedding_fields)
      row->vector(2 + index(field), profile->embeddings[index(field)]);
    use(std::move(*profile));
  }
}

std::vector<VectorKind> read_vector_kinds(db::Transaction& tx, bool by_width) {
  std::vector<VectorKind> kinds;
  for (auto const row : tx.exec(db::sql::scoring_vector_kinds, db::Params().add(by_width))) {
    auto const dims = row.optional<std::int64_t>("dims");
    kinds.push_back({row.get<std::string>("model"),
                     dims ? std::optional(static_cast<std::size_t>(*dims)) : std::nullopt,
                     row.get<std::int64_t>("profiles"), row.get<ProfileId>("example")});
  }
  return kinds;
}

void read_profiles(db::Transaction& tx, std::span<ProfileId const> only, UseProfile const& use,
                   RefuseProfile const& refuse) {
  ProfileId::Bytes last;
  last.fill(0xff);
  read_profiles(tx, ProfileId(), ProfileId(last), only, use, refuse);
}

std::vector<OutcomeRow> read_outcomes(db::Transaction& tx) {
  std::vector<OutcomeRow> outcomes;
  for (auto const row : tx.exec(db::sql::scoring_outcomes))
    outcomes.push_back(
        {row.get<ProfileId>("partner_id"), row.get<std::string>("outcome"), row.get<std::int64_t>("count")});
  return outcomes;
}

std::vector<CentralityCut> read_centrality_cuts(db::Transaction& tx, std::vector<double> const& percentiles) {
  std::vector<double> fractions;
  for (double const percentile : percentiles)
    fractions.push_back(percentile / 100);
  std::vector<CentralityCut> cuts;
  for (auto const row : tx.exec(db::sql::scoring_percentiles, db::Params().add_array(fractions)))
    cuts.push_back(
        {row.optional<double>("pagerank"), row.optional<double>("degree"), row.optional<double>("betweenness")});
  return cuts;
}

void record_scoring_profile(db::WriteTx& tx, std::string_view hash, std::string_view name, int version,
                            std::string_view document) {
  tx.exec(db::sql::scoring_record_profile, db::Params().add(hash).add(name).add(version).add(document));
}

}  // namespace jvmm::store
