#include "store/persona_columns.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.hpp"
#include "db/capabilities.hpp"
#include "db/copy.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "store/embedding_columns.hpp"

namespace jvmm::store {
namespace {

constexpr auto k_customer_hint = "this column is the application's own: check the database and its search_path";
constexpr auto k_migrate_hint = "run 'jvmm migrate' ('--dry-run' shows what it would do)";
constexpr std::array<std::string_view, 6> k_texts{"who_you_serve", "audience_type", "niche",
                                                  "what_you_do",   "seeking",       "offering"};

bool is_text(std::string_view type) {
  return (type == "text" || type == "citext" || type.starts_with("character")) && !type.ends_with("[]");
}

void require_text(db::TableInfo const& profiles, std::string_view name, char const* hint) {
  auto const* column = profiles.column(name);
  if (!column) throw Error(Kind::configuration, fmt::format("profiles.{} does not exist", name)).hint(hint);
  if (!is_text(column->type))
    throw Error(Kind::bad_answer, fmt::format("profiles.{} is {}, expected text", name, column->type)).hint(hint);
}

ProfileId last_id() {
  ProfileId::Bytes bytes;
  bytes.fill(0xff);
  return ProfileId(bytes);
}

PersonaTexts read_texts(db::Row const& row) {
  return {row.optional<std::string>("who_you_serve"), row.optional<std::string>("audience_type"),
          row.optional<std::string>("niche"),         row.optional<std::string>("what_you_do"),
          row.optional<std::string>("seeking"),       row.optional<std::string>("offering"),
          row.optional<std::string>("ideal")};
}

PersonaAssignment read_given(db::Row const& row) {
  return {row.optional<std::string>("persona"), row.optional<std::string>("second"), row.get<double>("score"),
          row.get<double>("second_score"),      row.get<std::string>("basis"),       row.get<bool>("discovered")};
}

PersonaCandidate read_candidate(db::Row const& row) {
  PersonaCandidate out;
  out.profile = row.get<ProfileId>("id");
  out.hash = row.get<std::string>("input_hash");
  out.blank = row.get<bool>("blank");
  out.texts = read_texts(row);
  out.stored = row.optional<std::string>("stored");
  out.vector = row.optional<std::vector<float>>("vector");
  if (row.get<bool>("given")) out.given = read_given(row);
  return out;
}

UndoCounts read_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")};
}

std::optional<std::string> text_of(db::CopyRow const& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

/// The columns of a batch, side by side.
struct Sent {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes;
  std::vector<std::optional<std::string>> personas, seconds;
  std::vector<double> scores, second_scores;
  std::vector<std::string> bases;
  std::vector<bool> discovered;
  json::Writer ideals;
};

Sent columns_of(std::span<PersonaWrite const> rows) {
  Sent out;
  out.ideals.begin_object();
  for (auto const& row : rows) {
    out.ids.push_back(row.profile);
    out.hashes.push_back(row.input_hash);
    out.personas.push_back(row.given.persona);
    out.seconds.push_back(row.given.second);
    out.scores.push_back(row.given.score);
    out.second_scores.push_back(row.given.second_score);
    out.bases.push_back(row.given.basis);
    out.discovered.push_back(row.given.discovered);
    if (row.ideal_customer) out.ideals.member(row.profile.text(), *row.ideal_customer);
  }
  out.ideals.end_object();
  return out;
}

}  // namespace

bool PersonaTexts::is_empty() const {
  for (auto const* text : {&who_you_serve, &audience_type, &niche, &what_you_do, &seeking, &offering, &ideal_customer})
    if (*text && !(*text)->empty()) return false;
  return true;
}

void require_persona_columns(db::ReadTx& tx, bool writes) {
  auto const found = db::inspect(tx);
  auto const* profiles = found.table("profiles");
  if (!profiles)
    throw Error(Kind::configuration, fmt::format("database {} has no table profiles", found.database))
        .hint("check the database in the URL, and the role's search_path");
  for (auto const name : k_texts)
    require_text(*profiles, name, k_customer_hint);
  require_text(*profiles, "audience_persona", k_migrate_hint);
  if (!writes) return;
  std::array<std::string_view, 3> const written{"audience_persona", "classification_updated_at", "enrichment_metadata"};
  if (auto error = write_obstacle(found, written)) throw *std::move(error);
}

PersonaCandidates find_persona_candidates(db::ReadTx& tx, PersonaSelection const& selection, IdRange const& range,
                                          std::string const& ideals, std::int64_t max_bytes) {
  db::Params params;
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
  params.add(selection.fingerprint).add(selection.model).add(selection.generation).add(name(selection.scope));
  params.add(selection.stale_before).add(selection.updated_since).add(ideals);
  params.add(max_bytes).add(k_audience_characters);
  PersonaCandidates found;
  for (auto const row : tx.exec(db::sql::personas_candidates, params)) {
    found.rows.push_back(read_candidate(row));
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<PersonaWritten> write_personas(db::WriteTx& tx, std::int64_t generation, std::string_view common_json,
                                           std::span<PersonaWrite const> rows) {
  auto const sent = columns_of(rows);
  db::Params params;
  params.add(generation).add(common_json).add(sent.ideals.text()).add_array(sent.ids).add_array(sent.hashes);
  params.add_array(sent.personas).add_array(sent.scores).add_array(sent.seconds).add_array(sent.second_scores);
  params.add_array(sent.bases).add_bools(sent.discovered);
  std::vector<PersonaWritten> written;
  for (auto const row : tx.exec(db::sql::personas_write, params))
    written.push_back({row.get<ProfileId>("id"), row.get<std::string>("digest"), row.get<std::string>("before"),
                       row.get<bool>("as_sent"), row.get<bool>("kept"), row.get<bool>("changed")});
  return written;
}

UndoCounts count_undo_personas(db::Transaction& tx, RunId run) {
  return read_counts(tx.exec(db::sql::personas_undo_count, db::Params().add(run.value)));
}

UndoCounts undo_personas(db::WriteTx& tx, RunId run, std::int64_t page_rows) {
  auto const counts = read_counts(tx.exec(db::sql::personas_undo, db::Params().add(run.value).add(page_rows)));
  if (counts.looked_at > 0) return counts;
  auto const withdrawn = tx.exec(db::sql::personas_withdraw, db::Params().add(run.value));
  if (withdrawn.empty()) return counts;
  if (auto const previous = withdrawn.one().optional<std::int64_t>("previous"))
    tx.exec(db::sql::personas_make_current, db::Params().add(*previous)).one();
  return counts;
}

PersonaSample draw_persona_sample(db::ReadTx& tx, std::uint64_t seed, std::int64_t rows) {
  PersonaSample out{std::to_string(seed), std::nullopt, 0};
  auto const found = tx.exec(db::sql::personas_sample, db::Params().add(out.seed).add(rows));
  out.everybody = found.one().get<std::int64_t>("profiles");
  out.beyond = found.one().optional<std::string>("beyond");
  return out;
}

void read_persona_population(db::ReadTx& tx, std::string_view model, std::string const& ideals,
                             PersonaSample const& sample, std::function<void(PopulationRow&&)> const& visit) {
  db::Params params;
  params.add(ProfileId()).add(last_id()).add(model).add(ideals).add(k_audience_characters);
  params.add(sample.seed).add(sample.beyond);
  db::CopyReader copy(tx, db::sql::personas_population, params);
  while (auto const* row = copy.next()) {
    PopulationRow out;
    out.profile = row->get<ProfileId>(0);
    out.hash = row->text(1);
    out.texts = {text_of(*row, 2), text_of(*row, 3), text_of(*row, 4), text_of(*row, 5),
                 text_of(*row, 6), text_of(*row, 7), text_of(*row, 8)};
    row->vector(9, out.vector);
    row->vector(10, out.activity);
    visit(std::move(out));
  }
}

void read_field_vectors(
    db::ReadTx& tx, std::string_view model, PersonaSample const& sample,
    std::function<void(ProfileId, std::vector<float> const&, std::vector<float> const&)> const& visit) {
  db::CopyReader copy(tx, db::sql::personas_field_vectors,
                      db::Params().add(ProfileId()).add(last_id()).add(model).add(sample.seed).add(sample.beyond));
  std::vector<float> seeking, offering;
  while (auto const* row = copy.next()) {
    row->vector(1, seeking);
    row->vector(2, offering);
    visit(row->get<ProfileId>(0), seeking, offering);
  }
}

std::vector<KnownProfilePair> read_known_pairs(db::ReadTx& tx, std::int64_t count) {
  std::vector<KnownProfilePair> out;
  for (auto const row : tx.exec(db::sql::personas_known_pairs, db::Params().add(count)))
    out.push_back(
        {row.get<ProfileId>("a"), row.get<ProfileId>("b"), row.get<double>("value"), row.get<bool>("outcome")});
  return out;
}

}  // namespace jvmm::store
