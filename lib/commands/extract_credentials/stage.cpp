#include "commands/extract_credentials/stage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands/services.hpp"
#include "credentials/credibility.hpp"
#include "domain/embedding_field.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {

using stage::Outcome;

credentials::Source source_of(store::CredentialCandidate const& row) {
  return {row.social_proof, row.bio};
}

std::string methods_of(Extraction const& extraction) {
  return fmt::format("{}", fmt::join(extraction.methods, "+"));
}

ExtractStage::ExtractStage(Extractor& extractor, store::CredentialSelection selection)
    : m_extractor(extractor), m_selection(std::move(selection)) {
  m_selection.fingerprint = fmt::format("{}; pipeline={}", extractor.fingerprint(), k_pipeline_version);
  json::Writer common;
  common.begin_object().member("source", "hf_classification").member("pipeline_version", k_pipeline_version);
  common.member("gazetteers", extractor.gazetteers()).end_object();
  m_common_json = std::move(common).take();
}

stage::Page<ExtractStage::Row> ExtractStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto found = store::find_credential_candidates(tx, m_selection, {page.after, page.upto, page.only});
  return {std::move(found.rows), found.cut};
}

std::vector<Outcome<Extraction>> ExtractStage::compute(std::span<Row const> rows) {
  std::vector<credentials::Source> sources;
  for (auto const& row : rows)
    sources.push_back(source_of(row));
  auto out = m_extractor.extract(sources);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (auto const* found = std::get_if<Extraction>(&out[i]); found && !found->has_text && rows[i].empty)
      out[i] = stage::Skipped{"no text to read"};
  return out;
}

std::string ExtractStage::entry_json(Extraction const& extraction) const {
  std::string model = "rules@" + m_extractor.gazetteers().substr(0, m_extractor.gazetteers().find('@'));
  for (auto const& backend : extraction.backends)
    model += ", " + model_of_backend(backend);
  json::Writer out;
  out.begin_object().member("model", model).member("method", methods_of(extraction));
  if (!extraction.backends.empty()) out.member("backend", fmt::format("{}", fmt::join(extraction.backends, ", ")));
  out.end_object();
  return std::move(out).take();
}

std::vector<stage::Written> ExtractStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::CredentialWrite> rows;
  std::map<ProfileId, Extraction const*> values;
  for (auto const& [id, input_hash, value] : done) {
    rows.push_back({id, input_hash, value_json(*value), entry_json(*value)});
    values.emplace(id, value);
  }
  m_written.clear();
  std::vector<stage::Written> out;
  for (auto const& row : store::write_credentials(tx, m_common_json, rows)) {
    m_written.insert_or_assign(row.profile, std::pair(*values.at(row.profile), row.kept));
    out.push_back({row.profile, row.digest, row.before_json, row.as_sent});
  }
  return out;
}

void ExtractStage::committed(std::span<Row const* const> rows) {
  std::vector<credentials::Source> sources;
  for (auto const* row : rows) {
    if (auto const it = m_written.find(row->profile); it != m_written.end()) count(it->second.first, it->second.second);
    if (m_extractor.waits_for_services()) sources.push_back(source_of(*row));
  }
  m_extractor.release(sources);
}

void ExtractStage::count(Extraction const& extraction, bool kept) {
  for (auto const& [stage, dropped] : extraction.dropped)
    m_counts.dropped[stage] += dropped;
  m_counts.unsure += extraction.unsure;
  if (kept) {
    ++m_counts.kept;
    return;
  }
  ++(extraction.values.empty() ? m_counts.none : m_counts.found);
  for (auto const& value : extraction.values) {
    ++m_counts.kinds[value.kind];
    ++m_counts.methods[value.method];
  }
  auto const tier = credentials::credibility_tier(credentials::credibility_score(extraction.values));
  if (!tier.empty()) ++m_counts.tiers[std::string(tier)];
}

}  // namespace jvmm::commands
