#include "personas/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "personas/describe.hpp"
#include "personas/stability.hpp"

namespace jvmm::personas {
namespace {

constexpr double k_swallowing = 0.5;  ///< share of the assigned rows in one persona that is remarked on

void require_sound(FitOptions const& options) {
  auto const refuse = [](std::string const& what) { throw Error(Kind::usage, what); };
  if (options.target_k && *options.target_k < 2) refuse("target-k: at least 2 personas");
  if (options.least_k < 2 || options.least_k > options.most_k) refuse("the range of k must begin at 2 or more");
  if (options.max_outliers && !(*options.max_outliers >= 0 && *options.max_outliers <= 1))
    refuse("max-outliers must be within 0 and 1");
  if (options.held && !(options.held->resolution > 0 && options.held->resolution < 1e6))
    refuse("the resolution must be above 0");
  if (options.held && options.target_k) refuse("a resolution and target-k contradict each other");
  if (options.threads < 1 || options.threads > 1024) refuse("threads: 1 to 1024");
}

std::vector<Method> methods_to_try(Method method) {
  if (method == Method::automatic) return {Method::phrase_graph, Method::shared_neighbours};
  return {method};
}

class Fitting {
 public:
  Fitting(FitInput const& input, FitOptions const& options)
      : m_options(options), m_table(make_table(input)), m_vectors(input.embed, m_table.dims) {
    m_fit.model.embedding = input.embedding;
    m_fit.model.parameters = options.parameters;
  }

  Fit run() {
    read();
    try_methods();
    auto const& chosen = choose();
    build(chosen);
    assign_by_vector();
    require_few_outliers();
    report(chosen);
    restore_order();
    return std::move(m_fit);
  }

 private:
  void read();
  void try_methods();
  Candidate const& choose();
  void build(Candidate const& chosen);
  std::vector<std::size_t> node_labels(std::vector<std::size_t> const& rows) const;
  void assign_by_vector();
  void require_few_outliers();
  void report(Candidate const& chosen);
  void restore_order();

  bool wanted(std::size_t personas) const {
    return m_options.target_k ? personas == *m_options.target_k
                              : personas >= m_options.least_k && personas <= m_options.most_k;
  }
  std::size_t unassigned() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < m_fit.rows.size(); ++i)
      count += m_table.rows[i].has_text && !m_fit.rows[i].persona;
    return count;
  }

  FitOptions const& m_options;
  Table m_table;
  PhraseVectors m_vectors;
  Sample m_sample;
  std::vector<float> m_fields;
  std::vector<Candidate> m_candidates;
  Fit m_fit;  ///< rows in the order of the table, until the end
};

void Fitting::read() {
  auto& report = m_fit.report;
  report.rows = m_table.rows.size();
  for (auto const& row : m_table.rows)
    report.with_text += row.has_text;
  if (report.with_text == 0)
    throw Error(Kind::bad_input, fmt::format("none of {} profiles says anything about its audience", report.rows))
        .hint("personas need who_you_serve, or at least audience_type, what_you_do, seeking or offering");
  std::vector<std::size_t> all(m_table.rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  m_sample = make_sample(m_table, std::move(all), m_vectors, m_options.parameters);
  m_fields = field_vectors(m_table, m_sample, m_vectors.dims(), m_options.parameters);
  report.with_phrases = static_cast<std::size_t>(
      std::ranges::count_if(m_sample.corpus.rows, [](RowPhrases const& row) { return !row.empty(); }));
  report.phrases = m_sample.corpus.phrases.size();
  report.nodes = m_sample.nodes.size();
}

void Fitting::try_methods() {
  std::string reason;
  for (auto const method : methods_to_try(m_options.method)) {
    Stability stability;
    stability.method = method;
    try {
      auto cutter = make_cutter(method, m_sample, m_fields, m_vectors.dims(), m_options);
      auto scan = scan_resolutions(cutter, m_options);
      stability.personas = scan.partition.count;
      if (scan.partition.count > 0) {
        m_candidates.push_back({std::move(cutter), std::move(scan), stability});
        continue;
      }
      stability.refused = method == Method::phrase_graph ? "no row names an audience" : "the vectors form no groups";
    } catch (Error const& e) {
      if (e.kind() != Kind::bad_input) throw;
      stability.refused = e.message();
    }
    if (reason.empty()) reason = stability.refused;
    m_fit.report.methods.push_back(stability);
  }
  if (m_candidates.empty()) {
    auto error = Error(Kind::bad_input, "no personas can be found: " + reason);
    if (m_options.target_k) error.hint("ask for another number of personas, or leave it to the plateau");
    throw error;
  }
  m_fit.model.familiar = measure_stability(m_candidates, m_table, m_sample, m_vectors, m_options);
}

Candidate const& Fitting::choose() {
  auto const rank = [&](Candidate const& candidate) {
    return std::pair(wanted(candidate.stability.personas), candidate.stability.mean);
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < m_candidates.size(); ++i)
    if (rank(m_candidates[i]) > rank(m_candidates[best])) best = i;
  for (std::size_t i = 0; i < m_candidates.size(); ++i) {
    m_candidates[i].stability.chosen = i == best;
    m_fit.report.methods.push_back(m_candidates[i].stability);
  }
  std::ranges::sort(m_fit.report.methods, {}, &Stability::method);
  return m_candidates[best];
}

void Fitting::build(Candidate const& chosen) {
  auto& model = m_fit.model;
  auto const& partition = chosen.scan.partition;
  bool const by_phrases = chosen.cutter.method == Method::phrase_graph;
  model.method = chosen.cutter.method;
  model.dims = m_vectors.dims();
  model.resolution = chosen.scan.resolution;
  model.plateau = chosen.scan.plateau;
  model.generic = m_sample.corpus.generic;
  model.personas = describe(partition, m_table, m_sample, by_phrases ? std::span<float const>{} : m_fields, model.dims);
  m_fit.rows.resize(m_table.rows.size());
  for (std::size_t i = 0; i < m_fit.rows.size(); ++i) {
    if (partition.rows[i] == k_unlabelled) continue;
    auto& row = m_fit.rows[i];
    if (by_phrases) {
      row = by_votes(votes_of(m_sample.named[i], partition.nodes, m_options.parameters.decay));
      continue;
    }
    row = by_nearness(row_of(m_fields, i, model.dims), model.personas, &Persona::field_centroid);
    if (row.persona != partition.rows[i]) row.second = row.persona, row.second_score = row.score;
    row.persona = partition.rows[i];
  }
  model.phrases = m_sample.corpus.phrases;
  auto const labels = by_phrases ? partition.nodes : node_labels(partition.rows);
  for (std::size_t node = 0; node < m_sample.nodes.size(); ++node) {
    auto const vector = row_of(m_sample.nodes.vectors, node, model.dims);
    PhraseNode out{m_sample.nodes.leaders[node], std::nullopt, {vector.begin(), vector.end()}};
    if (labels[node] != k_unlabelled) out.persona = static_cast<std::uint32_t>(labels[node]);
    model.nodes.push_back(std::move(out));
  }
  measure(model.personas, m_table, m_fit.rows);
}

/// Of a method that labels rows alone: the label of most of the rows that name a node, those first that name it first.
std::vector<std::size_t> Fitting::node_labels(std::vector<std::size_t> const& rows) const {
  std::vector<std::map<std::size_t, double>> votes(m_sample.nodes.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double weight = 1;
    for (auto const node : m_sample.named[i].heads) {
      if (rows[i] != k_unlabelled) votes[node][rows[i]] += weight;
      weight *= m_options.parameters.decay;
    }
  }
  std::vector<std::size_t> out;
  for (auto const& node : votes) {
    std::vector<std::pair<std::size_t, double>> const list(node.begin(), node.end());
    out.push_back(winner(list));
  }
  return out;
}

void Fitting::assign_by_vector() {
  if (m_table.audience.empty()) return;
  auto& personas = m_fit.model.personas;
  auto const allowed =
      m_options.max_outliers
          ? static_cast<std::size_t>(*m_options.max_outliers * static_cast<double>(m_fit.report.with_text))
          : m_fit.report.rows;
  std::vector<std::pair<double, std::size_t>> beyond;  // (-cosine, row)
  std::vector<Assignment> found(m_fit.rows.size());
  for (std::size_t i = 0; i < m_fit.rows.size(); ++i) {
    if (m_fit.rows[i].persona || !m_table.rows[i].has_text) continue;
    found[i] = by_nearness(row_of(m_table.audience, i, m_table.dims), personas, &Persona::centroid);
    if (!found[i].persona) continue;
    if (found[i].score >= personas[*found[i].persona].reach)
      m_fit.rows[i] = found[i];
    else
      beyond.emplace_back(-found[i].score, i);
  }
  // A goal takes in rows beyond their reach too, the nearest first, and no more than it needs.
  std::ranges::sort(beyond);
  auto left = unassigned();
  for (auto const& [away, row] : beyond) {
    if (left <= allowed) break;
    m_fit.rows[row] = found[row];
    --left;
  }
  for (auto& persona : personas)
    persona.size = 0;
  for (auto const& row : m_fit.rows)
    if (row.persona) ++personas[*row.persona].size;
}

void Fitting::require_few_outliers() {
  auto const left = unassigned();
  auto const share = static_cast<double>(left) / static_cast<double>(m_fit.report.with_text);
  m_fit.model.unassigned = share;
  if (!m_options.max_outliers || share <= *m_options.max_outliers) return;
  throw Error(
      Kind::bad_input,
      fmt::format("max-outliers {:.1f} %: {} of {} profiles with a text ({:.1f} %) name no audience that others "
                  "name, and have no audience vector",
                  100 * *m_options.max_outliers, left, m_fit.report.with_text, 100 * share))
      .hint(fmt::format("ask for at least {:.1f} %, or embed the audiences first", 100 * share + 0.05));
}

std::string choice_remark(Report const& report) {
  std::string text;
  for (auto const& method : report.methods) {
    if (!text.empty()) text += "; ";
    if (!method.refused.empty())
      text += fmt::format("{}: {}", name(method.method), method.refused);
    else if (method.draws == 0)
      text += fmt::format("{}: {} personas", name(method.method), method.personas);
    else
      text += fmt::format("{}: {} personas, stability {:.3f} over {} draws of 80 % (least {:.3f})", name(method.method),
                          method.personas, method.mean, method.draws, method.least);
    if (method.chosen) text += ", taken";
  }
  return text;
}

void Fitting::report(Candidate const& chosen) {
  auto& report = m_fit.report;
  auto const& model = m_fit.model;
  for (auto const& row : m_fit.rows) {
    report.by_phrases += row.basis == Basis::phrases;
    report.by_vector += row.basis == Basis::vector;
  }
  report.unassigned = unassigned();
  report.edges = chosen.cutter.edges;
  report.scan = chosen.scan.points;
  report.tentative = model.plateau < k_firm_plateau || 2 * report.unassigned > report.with_text;
  report.remarks.push_back(choice_remark(report));
  if (model.plateau < k_firm_plateau)
    report.remarks.push_back(
        fmt::format("the personas are tentative: plateau score {:.3f}, below {:.2f}; more profiles "
                    "that name their audience in several ways would help",
                    model.plateau, k_firm_plateau));
  if (2 * report.unassigned > report.with_text)
    report.remarks.push_back(
        fmt::format("the personas are tentative: {:.0f} % of the profiles with an audience text belong to none",
                    100 * model.unassigned));
  if (!m_options.held_by(model.method) && !wanted(model.personas.size()))
    report.remarks.push_back(fmt::format("{} personas, as no resolution gives {} to {}", model.personas.size(),
                                         m_options.least_k, m_options.most_k));
  std::size_t largest = 0, assigned = 0;
  for (auto const& persona : model.personas) {
    largest = std::max(largest, persona.size);
    assigned += persona.size;
  }
  report.largest_share = assigned == 0 ? 0 : static_cast<double>(largest) / static_cast<double>(assigned);
  if (report.largest_share > k_swallowing)
    report.remarks.push_back(
        fmt::format("one persona has {:.0f} % of the assigned profiles: these texts hardly tell "
                    "audiences apart",
                    100 * report.largest_share));
}

void Fitting::restore_order() {
  std::vector<Assignment> rows(m_fit.rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[m_table.given[i]] = m_fit.rows[i];
  m_fit.rows = std::move(rows);
}

}  // namespace

Fit fit(FitInput const& input, FitOptions const& options) {
  require_sound(options);
  return Fitting(input, options).run();
}

}  // namespace jvmm::personas
