#include "store/calibrations.hpp"

#include "db/sql.hpp"

namespace jvmm::store {
namespace {

std::string_view name(VectorSide side) {
  switch (side) {
    case VectorSide::seeking:
      return "seeking";
    case VectorSide::offering:
      return "offering";
    case VectorSide::who_you_serve:
      return "who_you_serve";
  }
  return "";
}

std::vector<ProfileVector> read_vectors(db::Rows const& rows) {
  std::vector<ProfileVector> out;
  for (auto const row : rows)
    out.push_back(
        {row.get<ProfileId>("id"), row.optional<std::vector<float>>("vector").value_or(std::vector<float>{})});
  return out;
}

}  // namespace

std::optional<StoredCalibration> newest_calibration(db::Transaction& tx, std::string_view model,
                                                    std::string_view field_pair) {
  auto const rows = tx.exec(db::sql::calibration_newest, db::Params().add(model).add(field_pair));
  if (rows.empty()) return std::nullopt;
  return StoredCalibration{rows[0].get<std::int64_t>("version"), rows[0].get<std::string>("document")};
}

std::int64_t insert_calibration(db::WriteTx& tx, std::string_view model, std::string_view field_pair,
                                std::string_view document_json, RunId run) {
  auto const rows =
      tx.exec(db::sql::calibration_insert, db::Params().add(model).add(field_pair).add(document_json).add(run.value));
  return rows.one().get<std::int64_t>("version");
}

std::vector<ProfileVector> sample_vectors(db::Transaction& tx, std::string_view model, VectorSide side,
                                          std::uint64_t seed, std::size_t count) {
  return read_vectors(tx.exec(db::sql::calibration_sample,
                              db::Params().add(model).add(name(side)).add(std::to_string(seed)).add(count)));
}

std::vector<ProfileVector> vectors_of(db::Transaction& tx, std::string_view model, VectorSide side,
                                      std::span<ProfileId const> profiles) {
  return read_vectors(
      tx.exec(db::sql::calibration_vectors, db::Params().add(model).add(name(side)).add_array(profiles)));
}

std::vector<ModelCount> embedding_models(db::Transaction& tx) {
  std::vector<ModelCount> out;
  for (auto const row : tx.exec(db::sql::report_models))
    out.push_back({row.get<std::string>("model"), row.get<std::int64_t>("profiles")});
  return out;
}

}  // namespace jvmm::store
