#include "commands/backfill_embeddings/stage.hpp"

#include <numeric>

namespace jvmm::commands {
namespace {

using Row = EmbedStage::Row;
using Value = EmbedStage::Value;

/// Where the vector of a text belongs.
struct Slot {
  std::size_t row;
  EmbeddingField field;
};

struct Texts {
  std::vector<std::string_view> texts;
  std::vector<Slot> slots;
};

Texts texts_of(std::span<Row const> rows) {
  Texts all;
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (EmbeddingField field : k_embedding_fields)
      if (auto const& text = rows[row].texts[index(field)]) {
        all.texts.push_back(*text);
        all.slots.push_back({row, field});
      }
  return all;
}

/// A text that nobody could be asked for postpones its row, even if another of its texts failed.
void note_failure(stage::Outcome<Value>& outcome, EmbeddingField field, Error const& error) {
  bool const own_fault = error.kind() == Kind::bad_input || error.kind() == Kind::bad_answer;
  auto reason = std::string(jvmm::name(field)) + ": " + error.message();
  if (!own_fault)
    outcome = stage::Postponed{error.kind(), error.what()};
  else if (!std::holds_alternative<stage::Postponed>(outcome))
    outcome = stage::RowFailure{error.kind(), std::move(reason)};
}

}  // namespace

std::uint64_t EmbedCounts::all_texts() const {
  return std::accumulate(texts.begin(), texts.end(), std::uint64_t{0});
}

EmbedStage::EmbedStage(inference::Embedder& embedder, store::EmbeddingSelection selection)
    : m_embedder(embedder), m_fingerprint(embedder.info().fingerprint()), m_selection(selection) {
  m_selection.fingerprint = m_fingerprint;
  m_selection.model = embedder.info().model;
}

stage::Page<Row> EmbedStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto found = store::find_embedding_candidates(tx, m_selection, {page.after, page.upto, page.only});
  return {std::move(found.rows), found.cut};
}

std::vector<stage::Outcome<Value>> EmbedStage::compute(std::span<Row const> rows) {
  std::vector<stage::Outcome<Value>> outcomes;
  for (auto const& row : rows) {
    if (row.empty)
      outcomes.emplace_back(stage::Skipped{"no text of at least 5 characters"});
    else
      outcomes.emplace_back(Value{});
  }
  auto const all = texts_of(rows);
  auto embeddings = m_embedder.embed(all.texts);
  for (std::size_t i = 0; i < embeddings.size(); ++i)
    if (!embeddings[i]) note_failure(outcomes[all.slots[i].row], all.slots[i].field, embeddings[i].error());
  std::lock_guard const lock(m_mutex);
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    auto const [row, field] = all.slots[i];
    auto* value = std::get_if<Value>(&outcomes[row]);
    if (!value) continue;
    ++m_counts.texts[index(field)];
    m_counts.tokens += embeddings[i]->tokens;
    m_counts.truncated += embeddings[i]->truncated;
    value->vectors[index(field)] = std::move(embeddings[i]->vector);
    value->backends[index(field)] = std::move(embeddings[i]->backend);
  }
  return outcomes;
}

/// The answers for what is in the database need not be kept any longer.
void EmbedStage::committed(std::span<Row const* const> rows) {
  std::vector<std::string_view> texts;
  for (auto const* row : rows)
    for (auto const& text : row->texts)
      if (text) texts.push_back(*text);
  m_embedder.release(texts);
}

std::vector<stage::Written> EmbedStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::EmbeddingWrite> rows;
  for (auto const& [id, input_hash, value] : done) {
    store::EmbeddingWrite row{id, input_hash, {}, {}};
    for (EmbeddingField field : k_embedding_fields) {
      if (auto const& vector = value->vectors[index(field)]) row.vectors[index(field)] = *vector;
      if (auto const& backend = value->backends[index(field)]; !backend.empty()) row.backends[index(field)] = backend;
    }
    rows.push_back(std::move(row));
  }
  std::vector<stage::Written> written;
  for (auto& row : store::write_embeddings(tx, m_selection.model, rows))
    written.push_back({row.profile, std::move(row.digest), std::move(row.before_json), row.as_sent});
  return written;
}

}  // namespace jvmm::commands
