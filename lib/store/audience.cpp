#include "store/audience.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "db/capabilities.hpp"
#include "db/sql.hpp"
#include "domain/embedding_field.hpp"
#include "json/writer.hpp"

namespace jvmm::store {
namespace {

constexpr std::string_view k_reports = "matching_memberreport";
constexpr std::array<std::string_view, 5> k_report_columns{"id", "supabase_profile_id", "client_profile", "is_active",
                                                           "month"};

AudienceCandidate read_candidate(db::Row const& row) {
  AudienceCandidate out;
  out.profile = row.get<ProfileId>("id");
  out.hash = row.get<std::string>("input_hash");
  out.has_vector = row.get<bool>("has_vector");
  out.who_you_serve = row.optional<std::string>("who_you_serve");
  out.audience_type = row.optional<std::string>("audience_type");
  out.niche = row.optional<std::string>("niche");
  out.what_you_do = row.optional<std::string>("what_you_do");
  out.ideal_customer = row.optional<std::string>("ideal");
  out.vector_who_you_serve = row.optional<std::vector<float>>("vector_who_you_serve");
  out.vector_what_you_do = row.optional<std::vector<float>>("vector_what_you_do");
  return out;
}

UndoCounts read_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")};
}

}  // namespace

IdealCustomers::IdealCustomers(db::ReadTx& tx) {
  std::string_view const tables[]{k_reports};
  auto const found = db::inspect(tx, tables);
  auto const* table = found.table(k_reports);
  if (!table) return;
  auto const has = [&](std::string_view name) { return table->column(name) != nullptr; };
  if (!std::all_of(k_report_columns.begin(), k_report_columns.end(), has)) return;
  m_readable = std::all_of(k_report_columns.begin(), k_report_columns.end(),
                           [&](auto name) { return table->may_select || table->column(name)->may_select; });
  m_refused = !m_readable;
}

std::string IdealCustomers::in(db::ReadTx& tx, ProfileId after, ProfileId upto) const {
  if (!m_readable) return "{}";
  return tx.exec(db::sql::audience_ideal_customers, db::Params().add(after).add(upto)).one().get<std::string>("ideal");
}

AudienceCandidates find_audience_candidates(db::ReadTx& tx, AudienceSelection const& selection, IdRange const& range,
                                            std::string const& ideals, std::int64_t max_bytes) {
  db::Params params;
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
  params.add(selection.fingerprint).add(selection.model).add(name(selection.scope));
  params.add(selection.stale_before).add(selection.updated_since).add(ideals);
  params.add(max_bytes).add(k_audience_characters);
  AudienceCandidates found;
  for (auto const row : tx.exec(db::sql::audience_candidates, params)) {
    found.rows.push_back(read_candidate(row));
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<AudienceWritten> write_audience(db::WriteTx& tx, AudienceSelection const& selection,
                                            std::span<AudienceWrite const> rows) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes;
  std::vector<std::optional<std::span<float const>>> vectors;
  std::vector<std::optional<std::string>> backends;
  json::Writer ideals;
  ideals.begin_object();
  for (auto const& row : rows) {
    ids.push_back(row.profile);
    hashes.push_back(row.input_hash);
    vectors.push_back(row.vector);
    backends.push_back(row.backend);
    if (row.ideal_customer) ideals.member(row.profile.text(), *row.ideal_customer);
  }
  db::Params params;
  params.add(selection.model).add(selection.fingerprint).add(std::move(ideals.end_object()).take());
  params.add(k_pipeline_version);
  params.add_array(ids).add_array(hashes).add_vectors(vectors).add_array(backends);
  std::vector<AudienceWritten> written;
  for (auto const row : tx.exec(db::sql::audience_write, params))
    written.push_back({row.get<ProfileId>("id"), row.get<std::string>("digest"), row.get<std::string>("before"),
                       row.get<bool>("as_sent")});
  return written;
}

UndoCounts count_undo_audience(db::Transaction& tx, RunId run) {
  return read_counts(tx.exec(db::sql::audience_undo_count, db::Params().add(run.value)));
}

UndoCounts undo_audience(db::WriteTx& tx, RunId run, std::int64_t page_rows) {
  return read_counts(tx.exec(db::sql::audience_undo, db::Params().add(run.value).add(page_rows)));
}

}  // namespace jvmm::store
