#include "commands/cluster_personas/assign_stage.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "domain/embedding_field.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

using stage::Outcome;
using Row = PersonaStage::Row;
using Value = PersonaStage::Value;

constexpr double k_weak = 0.5;              ///< share of the votes
constexpr std::uint64_t k_least_rows = 30;  ///< below these a share says nothing
constexpr double k_much = 0.1;              ///< beyond what it was at discovery

bool is_own_fault(Error const& error) {
  return error.kind() == Kind::bad_input || error.kind() == Kind::bad_answer;
}

/// Their vectors as one matrix; a row of zeros says that there is none.
std::vector<float> matrix(std::span<Row const> rows, std::vector<std::size_t> const& which, std::size_t dims) {
  std::vector<float> out(which.size() * dims);
  for (std::size_t k = 0; k < which.size(); ++k)
    if (auto const& vector = rows[which[k]].vector; vector && vector->size() == dims)
      std::copy(vector->begin(), vector->end(), out.begin() + static_cast<std::ptrdiff_t>(k * dims));
  return out;
}

double rounded(double share) {
  return std::round(share * 1e4) / 1e4;
}

}  // namespace

personas::AudienceText audience_text(ProfileId id, store::PersonaTexts const& texts) {
  return {id.text(),
          texts.who_you_serve.value_or(""),
          texts.audience_type.value_or(""),
          texts.niche.value_or(""),
          texts.what_you_do.value_or(""),
          texts.seeking.value_or(""),
          texts.offering.value_or(""),
          texts.ideal_customer.value_or("")};
}

personas::EmbedPhrases phrase_embedder(inference::Embedder& embedder) {
  return [&embedder](std::span<std::string const> phrases) {
    std::vector<std::string_view> const texts(phrases.begin(), phrases.end());
    std::vector<float> out;
    out.reserve(texts.size() * embedder.info().dims);
    for (auto& result : embedder.embed(texts)) {
      auto const embedding = std::move(result).value_or_throw();
      out.insert(out.end(), embedding.vector.begin(), embedding.vector.end());
    }
    return out;
  };
}

store::PersonaAssignment given(personas::Model const& model, personas::Assignment const& assignment) {
  store::PersonaAssignment out;
  if (assignment.persona) out.persona = model.personas[*assignment.persona].key;
  if (assignment.second) out.second = model.personas[*assignment.second].key;
  out.score = rounded(assignment.score);
  out.second_score = rounded(assignment.second_score);
  out.basis = personas::name(assignment.basis);
  return out;
}

std::string drift_hint(personas::Model const& model, DriftCounts const& drift) {
  if (drift.rows < k_least_rows) return "";
  auto const unassigned = static_cast<double>(drift.unassigned) / static_cast<double>(drift.rows);
  auto const familiar = drift.phrases ? drift.familiar / static_cast<double>(drift.phrases) : 1;
  if (unassigned > model.unassigned + k_much)
    return fmt::format(
        "{:.0f} % of {} profiles that the personas were not found among got none, {:.0f} % at discovery: the audiences "
        "have changed, run 'jvmm cluster-personas'",
        100 * unassigned, drift.rows, 100 * model.unassigned);
  if (model.familiar > 0 && familiar < model.familiar - k_much)
    return fmt::format(
        "{:.0f} % of the phrases of {} profiles that the personas were not found among are known, {:.0f} % were to be "
        "expected: the audiences have changed, run 'jvmm cluster-personas'",
        100 * familiar, drift.rows, 100 * model.familiar);
  return "";
}

PersonaStage::PersonaStage(personas::Model const& model, store::PersonaState const& state,
                           inference::Embedder& embedder, store::PersonaSelection selection,
                           store::IdealCustomers ideals)
    : m_model(model), m_embedder(embedder), m_selection(std::move(selection)), m_ideals(ideals) {
  m_selection.fingerprint = state.fingerprint();
  m_selection.model = embedder.info().model;
  m_selection.generation = state.generation;
  json::Writer common;
  common.begin_object().member("source", "hf_classification").member("model", m_selection.model);
  common.member("pipeline_version", k_pipeline_version).end_object();
  m_common_json = std::move(common).take();
}

stage::Page<Row> PersonaStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto const ideals = m_ideals.in(tx, page.after, page.upto);
  auto found = store::find_persona_candidates(tx, m_selection, {page.after, page.upto, page.only}, ideals);
  return {std::move(found.rows), found.cut};
}

std::vector<Outcome<Value>> PersonaStage::compute(std::span<Row const> rows) {
  Outcomes outcomes;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const& row = rows[i];
    if (row.texts.is_empty() && row.blank && !row.given) {
      outcomes.emplace_back(stage::Skipped{"no text to go by"});
      continue;
    }
    outcomes.emplace_back(Value{row.given.value_or(store::PersonaAssignment()), row.texts.ideal_customer});
    if (!row.given && !row.texts.is_empty()) open.push_back(i);
  }
  if (!open.empty()) assign(rows, open, outcomes);
  return outcomes;
}

/// One by one where together they fail: a bad row costs one row.
void PersonaStage::assign(std::span<Row const> rows, std::vector<std::size_t> const& which, Outcomes& outcomes) {
  try {
    give(rows, which, outcomes);
  } catch (Error const& error) {
    if (!is_own_fault(error)) {
      for (auto const i : which)
        outcomes[i] = stage::Postponed{error.kind(), error.what()};
    } else if (which.size() == 1) {
      outcomes[which[0]] = stage::RowFailure{error.kind(), error.message()};
    } else {
      for (auto const i : which)
        assign(rows, {i}, outcomes);
    }
  }
}

void PersonaStage::give(std::span<Row const> rows, std::vector<std::size_t> const& which, Outcomes& outcomes) {
  std::vector<personas::AudienceText> texts;
  for (auto const i : which)
    texts.push_back(audience_text(rows[i].profile, rows[i].texts));
  auto const audience = matrix(rows, which, m_model.dims);
  personas::AssignInput const input{
      texts, {audience, m_model.dims}, {}, m_model.embedding, phrase_embedder(m_embedder)};
  auto const assigned = personas::assign(m_model, input);
  std::uint64_t weak = 0;
  for (std::size_t k = 0; k < which.size(); ++k) {
    auto const& one = assigned.rows[k];
    weak += one.persona && one.basis == personas::Basis::phrases && one.score <= k_weak;
    std::get<Value>(outcomes[which[k]]).given = given(m_model, one);
  }
  std::lock_guard const lock(m_mutex);
  m_drift.rows += assigned.with_text;
  m_drift.unassigned += assigned.unassigned;
  m_drift.weak += weak;
  m_drift.phrases += assigned.phrases;
  m_drift.familiar += assigned.familiar * static_cast<double>(assigned.phrases);
}

std::vector<stage::Written> PersonaStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::PersonaWrite> rows;
  std::map<ProfileId, Value const*> values;
  for (auto const& [id, input_hash, value] : done) {
    rows.push_back({id, input_hash, value->given, value->ideal_customer});
    values.emplace(id, value);
  }
  m_written.clear();
  std::vector<stage::Written> written;
  for (auto& row : store::write_personas(tx, generation(), m_common_json, rows)) {
    written.push_back({row.profile, row.digest, row.before_json, row.as_sent});
    m_written.emplace_back(*values.at(row.profile), std::move(row));
  }
  return written;
}

void PersonaStage::committed(std::span<Row const* const>) {
  for (auto const& [value, row] : m_written) {
    m_counts.changed += row.changed;
    m_counts.found += value.given.discovered;
    if (row.kept)
      ++m_counts.kept;
    else if (value.given.persona)
      ++m_counts.personas[*value.given.persona];
    else
      ++m_counts.unassigned;
  }
  m_written.clear();
}

}  // namespace jvmm::commands
