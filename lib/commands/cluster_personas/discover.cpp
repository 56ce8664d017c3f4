#include "commands/cluster_personas/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "commands/cluster_personas/assign_stage.hpp"
#include "commands/cluster_personas/audience_stage.hpp"
#include "inference/parallel.hpp"
#include "json/writer.hpp"
#include "personas/stored_model.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

db::TxOptions whole_table() {
  return {.isolation = db::Isolation::repeatable_read, .statement_timeout = std::chrono::hours(1)};
}

std::string terms_json(std::vector<personas::Term> const& terms) {
  json::Writer out;
  out.begin_array();
  for (auto const& term : terms)
    out.begin_object().member("text", term.text).member("weight", term.weight).member("rows", term.rows).end_object();
  out.end_array();
  return std::move(out).take();
}

void optional_member(json::Writer& out, std::string_view name, std::optional<double> const& value) {
  out.key(name);
  value ? out.value(*value) : out.null();
}

template <class Texts>
void texts_member(json::Writer& out, std::string_view name, Texts const& texts) {
  out.key(name).begin_array();
  for (auto const& text : texts)
    out.value(text);
  out.end_array();
}

std::string evidence_json(personas::ComplementEvidence const& evidence) {
  json::Writer out;
  out.begin_object().member("mentions", evidence.mentions).member("lift", evidence.lift);
  texts_member(out, "examples", evidence.examples);
  texts_member(out, "phrases", evidence.phrases);
  optional_member(out, "fit", evidence.fit);
  out.member("pairs", evidence.pairs).member("outcomes", evidence.outcomes);
  optional_member(out, "pair_value", evidence.pair_value);
  out.end_object();
  return std::move(out).take();
}

std::vector<store::ComplementRow> complement_rows(Discovery const& found) {
  std::vector<store::ComplementRow> out;
  auto const& personas = found.fit.model.personas;
  for (auto const& one : found.complements) {
    auto score = one.score;
    if (score) score = std::round(*score * 10) / 10;  // so that scores of pairs do not all change with each discovery
    out.push_back({personas[one.a].key, personas[one.b].key, score, evidence_json(one.evidence)});
  }
  return out;
}

void write_methods(json::Writer& out, personas::Report const& report) {
  out.key("methods").begin_array();
  for (auto const& method : report.methods) {
    out.begin_object().member("method", personas::name(method.method)).member("personas", method.personas);
    out.member("stability", method.mean).member("least", method.least).member("draws", method.draws);
    out.member("chosen", method.chosen).member("refused", method.refused).end_object();
  }
  out.end_array();
}

void write_identity(json::Writer& out, personas::Identity const& identity) {
  out.key("identity").begin_object();
  texts_member(out, "kept", identity.kept);
  texts_member(out, "born", identity.born);
  texts_member(out, "ended", identity.ended);
  out.key("splits").begin_array();
  for (auto const& split : identity.splits) {
    out.begin_object().member("before", split.before);
    texts_member(out, "now", split.now);
    out.end_object();
  }
  out.end_array().key("merges").begin_array();
  for (auto const& merge : identity.merges) {
    out.begin_object();
    texts_member(out, "before", merge.before);
    out.member("now", merge.now).member("by_hand", merge.by_hand).end_object();
  }
  out.end_array().member("rows", identity.rows).member("rows_kept", identity.rows_kept).end_object();
}

std::string parameters_json(personas::Parameters const& parameters, std::string const& options) {
  json::Writer out;
  out.begin_object().member("options", options);
  personas::write_parameters(out, parameters);
  out.end_object();
  return std::move(out).take();
}

}  // namespace

Discoverer::Discoverer(RunContext& context, ClusterOptions const& options, db::Connection& connection,
                       inference::Embedder& embedder)
    : m_context(context), m_options(options), m_connection(connection), m_embedder(embedder) {}

personas::FitOptions Discoverer::fit_options() const {
  personas::FitOptions out;
  out.method = m_options.parsed_method();
  if (m_options.target_k) out.target_k = static_cast<std::size_t>(*m_options.target_k);
  out.max_outliers = m_options.parsed_max_outliers();
  out.parameters.seed = seed();
  out.parameters.spectral = m_options.spectral;
  auto const threads = static_cast<std::size_t>(m_context.settings.integer("threads"));
  out.threads = threads ? threads : inference::usable_cores();
  bool const same_embedding = m_before && m_before->embedding == m_embedder.info().fingerprint();
  bool const same_space = m_before && m_before->parameters.spectral == m_options.spectral;
  if (same_embedding && same_space && !m_options.rescan && !out.target_k)
    out.held = {m_before->method, m_before->resolution};
  return out;
}

std::string Discoverer::options_text() const {
  return fmt::format("method={}{} target_k={} max_outliers={} seed={}", m_options.method,
                     m_options.spectral ? " spectral" : "",
                     m_options.target_k ? std::to_string(*m_options.target_k) : "plateau",
                     m_options.max_outliers.value_or("any"), seed());
}

std::optional<Discovery> Discoverer::discover(store::IdealCustomers const& ideals, FreshVectors const* fresh) {
  Discovery out;
  std::vector<personas::RowKey> keys;
  {
    db::ReadTx tx(m_connection, whole_table());
    if (auto const stored = store::load_personas(tx)) {
      out.before = stored->state;
      m_before = personas::load_model(stored->document_json, stored->vectors);
      store::read_assignments(tx, stored->state.generation, [&](ProfileId id, std::string_view key) {
        keys.push_back({id.text(), std::string(key)});
      });
    }
    auto const sample = store::draw_persona_sample(tx, seed(), static_cast<std::int64_t>(m_options.sample));
    m_population = load_population(tx, m_embedder.info(), sample, ideals, fresh);
    out.everybody = sample.beyond ? sample.everybody : static_cast<std::int64_t>(m_population.rows.size());
  }
  out.input_hash =
      text::sha256_hex(m_population.hash() + "\n" + audience_fingerprint(m_embedder.info()) + "\n" + options_text());
  if (out.before && out.before->input_hash == out.input_hash && !m_options.batch.force && !m_options.rescan)
    return std::nullopt;
  personas::FitInput const input{m_population.rows, m_population.audience_vectors(), m_population.activity_vectors(),
                                 m_embedder.info().fingerprint(), phrase_embedder(m_embedder)};
  out.fit = personas::fit(input, fit_options());
  if (m_before)
    out.identity = personas::match_identities(*m_before, keys, m_population.rows, out.fit);
  else
    for (auto const& persona : out.fit.model.personas)
      out.identity.born.push_back(persona.key);
  find_complements(out);
  return out;
}

void Discoverer::find_complements(Discovery& found) {
  db::ReadTx tx(m_connection, whole_table());
  auto sources = load_complement_sources(tx, m_population, m_embedder.info().model);
  auto const dims = m_population.dims;
  personas::ComplementInput input;
  input.rows = m_population.rows;
  input.personas = found.fit.rows;
  if (!sources.seeking.empty()) input.seeking = {sources.seeking, dims};
  if (!sources.offering.empty()) input.offering = {sources.offering, dims};
  input.pairs = std::move(sources.pairs);
  found.complements = personas::complements(found.fit.model, input);
}

std::int64_t Discoverer::publish(db::WriteTx& tx, Discovery const& found, RunId run) const {
  auto const& model = found.fit.model;
  auto const stored = personas::stored(model);
  auto const parameters = parameters_json(model.parameters, options_text());
  auto const report = discovery_json(found);
  auto const method = std::string(personas::name(model.method));
  store::NewPersonas fresh{method,
                           parameters,
                           model.embedding,
                           found.input_hash,
                           stored.document,
                           report,
                           stored.vectors,
                           model.plateau,
                           run,
                           {},
                           complement_rows(found),
                           {}};
  for (auto const& persona : model.personas)
    fresh.personas.push_back(persona_row(persona));
  for (std::size_t i = 0; i < m_population.ids.size(); ++i)
    fresh.given.push_back({m_population.ids[i], m_population.hashes[i], given(model, found.fit.rows[i])});
  return store::publish_personas(tx, fresh);
}

store::PersonaRow persona_row(personas::Persona const& persona) {
  store::PersonaRow out{persona.key,
                        persona.name,
                        terms_json(persona.terms),
                        persona.named_by_hand,
                        {},
                        static_cast<std::int64_t>(persona.size),
                        persona.cohesion,
                        persona.centroid};
  for (auto const& medoid : persona.medoids)
    if (auto const id = ProfileId::parse(medoid)) out.medoids.push_back(*id);
  return out;
}

std::string discovery_json(Discovery const& found) {
  auto const& report = found.fit.report;
  json::Writer out;
  out.begin_object().member("method", personas::name(found.fit.model.method));
  out.member("personas", found.fit.model.personas.size()).member("plateau", found.fit.model.plateau);
  out.member("tentative", report.tentative).member("resolution", found.fit.model.resolution);
  out.member("everybody", found.everybody)
      .member("rows", report.rows)
      .member("with_text", report.with_text)
      .member("with_phrases", report.with_phrases);
  out.member("by_phrases", report.by_phrases).member("by_vector", report.by_vector);
  out.member("unassigned", report.unassigned).member("phrases", report.phrases).member("nodes", report.nodes);
  out.member("edges", report.edges).member("largest_share", report.largest_share);
  write_methods(out, report);
  texts_member(out, "remarks", report.remarks);
  write_identity(out, found.identity);
  out.end_object();
  return std::move(out).take();
}

}  // namespace jvmm::commands
