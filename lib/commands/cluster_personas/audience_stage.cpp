#include "commands/cluster_personas/audience_stage.hpp"

#include <fmt/format.h>

#include <utility>

#include "math/vector.hpp"
#include "personas/clean_row.hpp"

namespace jvmm::commands {
namespace {

using stage::Outcome;
using Row = AudienceStage::Row;
using Value = AudienceStage::Value;

/// One field of a row: its text, and its vector once there is one.
struct Part {
  std::size_t row;
  std::string_view field, text;
  double weight;
  inference::Vector vector;
};

bool has(std::optional<std::string> const& text) {
  return text && !text->empty();
}

/// "women" or "b2b" tells nothing; see personas::is_generic.
bool has_telling_type(Row const& row) {
  return has(row.audience_type) && !personas::is_generic(personas::clean_text(*row.audience_type));
}

std::optional<std::string> const& text_of(Row const& row, std::string_view field) {
  if (field == "who_you_serve") return row.who_you_serve;
  if (field == "ideal_customer") return row.ideal_customer;
  if (field == "what_you_do") return row.what_you_do;
  return field == "niche" ? row.niche : row.audience_type;
}

inference::Vector stored_vector(Row const& row, std::string_view field, std::size_t dims) {
  auto const* vector = field == "who_you_serve" ? &row.vector_who_you_serve
                       : field == "what_you_do" ? &row.vector_what_you_do
                                                : nullptr;
  return vector && *vector && (*vector)->size() == dims ? **vector : inference::Vector();
}

std::vector<Part> parts_of(std::span<Row const> rows, std::size_t dims) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!AudienceStage::speaks(rows[i])) continue;
    for (auto const& [field, weight] : k_audience_weights) {
      auto const& text = text_of(rows[i], field);
      if (!has(text) || (field == "audience_type" && !has_telling_type(rows[i]))) continue;
      parts.push_back({i, field, *text, weight, stored_vector(rows[i], field, dims)});
    }
  }
  return parts;
}

/// A text that nobody could be asked for postpones its row, even if another of its texts failed.
void note_failure(Outcome<Value>& outcome, std::string_view field, Error const& error) {
  if (error.kind() != Kind::bad_input && error.kind() != Kind::bad_answer)
    outcome = stage::Postponed{error.kind(), error.what()};
  else if (!std::holds_alternative<stage::Postponed>(outcome))
    outcome = stage::RowFailure{error.kind(), fmt::format("{}: {}", field, error.message())};
}

void add(Value& value, Part const& part) {
  auto unit = part.vector;
  if (!math::normalise(unit)) return;
  if (value.vector.empty()) value.vector.resize(unit.size());
  for (std::size_t i = 0; i < unit.size(); ++i)
    value.vector[i] += static_cast<float>(part.weight) * unit[i];
}

}  // namespace

std::string audience_fingerprint(inference::EmbedderInfo const& model) {
  auto out = model.fingerprint() + "; audience=1";
  for (auto const& [field, weight] : k_audience_weights)
    out += fmt::format(" {}:{}", field, weight);
  return out;
}

AudienceStage::AudienceStage(inference::Embedder& embedder, store::AudienceSelection selection,
                             store::IdealCustomers ideals)
    : m_embedder(embedder), m_selection(std::move(selection)), m_ideals(ideals) {
  m_selection.fingerprint = audience_fingerprint(embedder.info());
  m_selection.model = embedder.info().model;
}

bool AudienceStage::speaks(Row const& row) {
  return has(row.who_you_serve) || has(row.ideal_customer) || has(row.niche) || has_telling_type(row);
}

stage::Page<Row> AudienceStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto const ideals = m_ideals.in(tx, page.after, page.upto);
  auto found = store::find_audience_candidates(tx, m_selection, {page.after, page.upto, page.only}, ideals);
  return {std::move(found.rows), found.cut};
}

std::vector<Outcome<Value>> AudienceStage::compute(std::span<Row const> rows) {
  std::vector<Outcome<Value>> outcomes;
  for (auto const& row : rows) {
    if (!speaks(row) && !row.has_vector)
      outcomes.emplace_back(stage::Skipped{"nothing said of the audience"});
    else
      outcomes.emplace_back(Value{{}, {}, row.ideal_customer});
  }
  auto parts = parts_of(rows, m_embedder.info().dims);
  std::vector<std::string_view> texts;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (parts[i].vector.empty()) {
      texts.push_back(parts[i].text);
      asked.push_back(i);
    }
  auto results = m_embedder.embed(texts);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& part = parts[asked[i]];
    if (!results[i]) {
      note_failure(outcomes[part.row], part.field, results[i].error());
      continue;
    }
    part.vector = std::move(results[i]->vector);
    if (auto* value = std::get_if<Value>(&outcomes[part.row])) value->backend = results[i]->backend;
  }
  std::uint64_t vectors = 0;
  for (auto const& part : parts)
    if (auto* value = std::get_if<Value>(&outcomes[part.row])) add(*value, part);
  for (auto& outcome : outcomes)
    if (auto* value = std::get_if<Value>(&outcome); value && !value->vector.empty()) {
      ++vectors;
      if (!math::normalise(value->vector))
        outcome = stage::RowFailure{Kind::bad_answer, "the vectors of its texts cancel each other, or are not finite"};
    }
  std::lock_guard const lock(m_mutex);
  m_counts.vectors += vectors;
  m_counts.texts += texts.size();
  return outcomes;
}

std::vector<stage::Written> AudienceStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::AudienceWrite> rows;
  for (auto const& [id, input_hash, value] : done) {
    store::AudienceWrite row{id, input_hash, {}, {}, value->ideal_customer};
    if (!value->vector.empty()) row.vector = value->vector;
    if (!value->backend.empty()) row.backend = value->backend;
    rows.push_back(std::move(row));
  }
  std::vector<stage::Written> written;
  for (auto& row : store::write_audience(tx, m_selection, rows))
    written.push_back({row.profile, std::move(row.digest), std::move(row.before_json), row.as_sent});
  return written;
}

void AudienceStage::committed(std::span<Row const* const> rows) {
  std::vector<std::string_view> texts;
  for (auto const* row : rows)
    for (auto const& [field, weight] : k_audience_weights)
      if (auto const& text = text_of(*row, field); has(text)) texts.push_back(*text);
  m_embedder.release(texts);
}

}  // namespace jvmm::commands
