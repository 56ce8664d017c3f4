#include "commands/classify/stage.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/embedding_field.hpp"
#include "json/writer.hpp"
#include "store/reviews.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;
using stage::Outcome;

constexpr std::size_t k_hash_digits = 12;

double rounded(double confidence) {
  return std::round(confidence * 1e4) / 1e4;
}

/// [{"category": key, "confidence": c}], primary first.
void write_list(json::Writer& out, classify::Taxonomy const& taxonomy, classify::Verdict const& verdict) {
  auto const name = taxonomy.task == Task::niche ? "category" : "type";
  out.begin_array();
  for (auto const& one : verdict.labels)
    out.begin_object()
        .member(name, taxonomy.labels[one.label].key)
        .member("confidence", rounded(one.confidence))
        .end_object();
  out.end_array();
}

/// {"primary", "secondary", "confidence"}; an unknown one is {}.
void write_style(json::Writer& out, classify::Taxonomy const& taxonomy, classify::Verdict const& verdict) {
  out.begin_object();
  if (!verdict.labels.empty()) {
    out.member("primary", taxonomy.labels[verdict.labels[0].label].key);
    if (verdict.labels.size() > 1) out.member("secondary", taxonomy.labels[verdict.labels[1].label].key);
    out.member("confidence", rounded(verdict.labels[0].confidence));
  }
  out.end_object();
}

bool reads_pages(store::ClassifySelection const& selection) {
  return std::find(selection.columns.begin(), selection.columns.end(), "page") != selection.columns.end();
}

}  // namespace

store::ClassifyStageName stage_of(Task task) {
  switch (task) {
    case Task::niche:
      return store::k_classify_niche;
    case Task::offer_types:
      return store::k_classify_offers;
    case Task::content_style:
      return store::k_classify_style;
  }
  return store::k_classify_niche;
}

ClassifyStage::ClassifyStage(Cascade& cascade, store::ClassifySelection selection, store::WriteNiche write_niche,
                             PageFolder const* pages)
    : m_cascade(cascade), m_selection(std::move(selection)), m_write_niche(write_niche), m_pages(pages) {
  auto const& taxonomy = cascade.taxonomy();
  m_selection.stage = stage_of(taxonomy.task);
  m_selection.columns = cascade.columns();
  m_selection.model = cascade.model();
  if (taxonomy.task == Task::niche && !m_selection.model.empty()) m_selection.vectors = {"what_you_do", "who_you_serve"};
  m_selection.fingerprint = cascade.fingerprint() + "; gate=1";
  if (taxonomy.task == Task::niche) m_selection.fingerprint += "; niche=" + std::string(store::name(write_niche));
  json::Writer common;
  common.begin_object().member("source", "hf_classification").member("pipeline_version", k_pipeline_version);
  common.member("taxonomy", taxonomy.name + "@" + taxonomy.hash.substr(0, k_hash_digits)).end_object();
  m_common_json = std::move(common).take();
}

stage::Page<ClassifyStage::Row> ClassifyStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  store::IdRange const range{page.after, page.upto, page.only};
  if (!m_pages || !reads_pages(m_selection)) {
    auto found = store::find_classify_candidates(tx, m_selection, range, nullptr);
    return {std::move(found.rows), found.cut};
  }
  auto const hashes = m_pages->hashes(store::profile_ids(tx, range, m_selection.updated_since));
  auto found = store::find_classify_candidates(tx, m_selection, range, &hashes);
  for (auto& row : found.rows)
    if (row.page_hash) row.page_text = m_pages->read(row.profile);
  return {std::move(found.rows), found.cut};
}

std::vector<Outcome<Classified>> ClassifyStage::compute(std::span<Row const> rows) {
  std::vector<Outcome<Classified>> outcomes;
  std::vector<Question> questions;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_empty() && rows[i].blank) {
      outcomes.emplace_back(stage::Skipped{"no text to classify"});
      continue;
    }
    outcomes.emplace_back(Classified());
    asked.push_back(i);
    questions.push_back(m_cascade.question(rows[i]));
  }
  auto rulings = m_cascade.judge(questions);
  for (std::size_t k = 0; k < asked.size(); ++k) {
    auto& outcome = outcomes[asked[k]];
    if (auto* ruling = std::get_if<Ruling>(&rulings[k])) {
      auto doubt = doubt_of(rows[asked[k]], questions[k], *ruling);
      outcome = Classified{std::move(*ruling), std::move(doubt), rows[asked[k]].page_hash};
    } else if (auto* failure = std::get_if<stage::RowFailure>(&rulings[k])) {
      outcome = std::move(*failure);
    } else {
      outcome = std::get<stage::Postponed>(std::move(rulings[k]));
    }
  }
  return outcomes;
}

std::optional<Doubt> ClassifyStage::doubt_of(Row const& row, Question const& question, Ruling const& ruling) const {
  if (auto found = doubt(taxonomy(), ruling)) return found;
  if (!row.niche_confirmed || taxonomy().task != Task::niche) return std::nullopt;
  return conflict_with_niche(m_cascade.classifier(), question, ruling);
}

std::string ClassifyStage::value_json(Ruling const& ruling) const {
  json::Writer out;
  if (taxonomy().task == Task::content_style)
    write_style(out, taxonomy(), ruling.verdict);
  else
    write_list(out, taxonomy(), ruling.verdict);
  return std::move(out).take();
}

std::string ClassifyStage::entry_json(Ruling const& ruling) const {
  json::Writer out;
  out.begin_object().member("model", ruling.model).member("method", ruling.method);
  if (!ruling.backend.empty()) out.member("backend", ruling.backend);
  out.end_object();
  return std::move(out).take();
}

std::vector<stage::Written> ClassifyStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::ClassifyWrite> rows;
  for (auto const& [id, input_hash, value] : done) {
    store::ClassifyWrite row{id, input_hash, {}, entry_json(value->ruling), {}, {}};
    if (!value->doubt) row.value_json = value_json(value->ruling);
    if (auto const& labels = value->ruling.verdict.labels; !labels.empty() && taxonomy().task == Task::niche)
      row.niche = taxonomy().labels[labels.front().label].key;
    row.page_hash = value->page_hash;
    rows.push_back(std::move(row));
  }
  auto const written = store::write_classifications(tx, m_selection, m_common_json, m_write_niche, rows);
  settle_reviews(tx, done, written);
  std::vector<stage::Written> out;
  for (auto const& row : written)
    out.push_back({row.profile, row.digest, row.before_json, row.as_sent});
  return out;
}

/// What is doubted goes into the queue of reviews, and what is not (any more) leaves it, in the same transaction.
void ClassifyStage::settle_reviews(db::WriteTx& tx, std::span<stage::Done<Value> const> done,
                                   std::vector<store::ClassifyWritten> const& written) {
  std::map<ProfileId, Classified const*> values;
  for (auto const& one : done)
    values.emplace(one.id, one.value);
  std::vector<store::Held> held;
  std::vector<ProfileId> settled;
  m_written.clear();
  for (auto const& row : written) {
    auto value = *values.at(row.profile);
    if (row.kept) value.doubt.reset();
    if (row.kept && row.confirmed && row.current_json)
      value.doubt = conflict_with_value(taxonomy(), *row.current_json, value.ruling.verdict);
    if (value.doubt)
      held.push_back({row.profile, std::string(name()), std::string(column()), value.doubt->reason, value.doubt->detail,
                      value.ruling.verdict.labels.empty() ? "" : value_json(value.ruling), row.review_input});
    else
      settled.push_back(row.profile);
    m_written.insert_or_assign(row.profile, std::pair(std::move(value), row.kept));
  }
  store::hold(tx, m_run, m_selection.fingerprint, held);
  store::withdraw(tx, name(), column(), settled);
}

void ClassifyStage::committed(std::span<Row const* const> rows) {
  bool const asked_services = m_cascade.waits_for_services();
  std::vector<Question> questions;
  for (auto const* row : rows) {
    if (auto const it = m_written.find(row->profile); it != m_written.end()) count(it->second.first, it->second.second);
    if (asked_services) questions.push_back(m_cascade.question(*row));
  }
  if (asked_services) m_cascade.release(questions);
}

void ClassifyStage::count(Classified const& value, bool kept) {
  auto const& labels = value.ruling.verdict.labels;
  if (value.doubt) ++m_counts.held[value.doubt->reason];
  if (kept) ++m_counts.kept;
  if (kept || value.doubt) return;
  ++(labels.empty() ? m_counts.unknown : m_counts.classified);
  for (auto const& one : labels)
    ++m_counts.labels[taxonomy().labels[one.label].key];
}

}  // namespace jvmm::commands
