#include "personas/describe.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/vector.hpp"
#include "personas/naming.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_terms = 10, k_medoids = 5;
constexpr double k_outside_reach = 0.1;  ///< share of a persona's rows that lie beyond its reach

using PhraseCounts = std::map<std::uint32_t, std::size_t>;

/// How often each phrase is named first, per persona.
std::vector<PhraseCounts> first_phrases(Partition const& partition, Sample const& sample) {
  std::vector<PhraseCounts> out(partition.count);
  for (std::size_t i = 0; i < partition.rows.size(); ++i) {
    if (partition.rows[i] == k_unlabelled) continue;
    auto const& row = sample.corpus.rows[i];
    auto const& named = !row.heads.empty() ? row.heads : row.types;
    if (!named.empty()) ++out[partition.rows[i]][named.front()];
  }
  return out;
}

std::vector<Term> terms_of(std::size_t persona, std::vector<PhraseCounts> const& counts, PhraseCounts const& all,
                           Sample const& sample, std::size_t dims) {
  std::vector<std::size_t> phrases;
  std::vector<double> weights;
  for (auto const& [phrase, rows] : counts[persona]) {
    phrases.push_back(phrase);
    weights.push_back(static_cast<double>(rows));
  }
  auto const centroid = unit_mean(sample.phrase_vectors, dims, phrases, weights);
  std::vector<NamePhrase> candidates;
  for (auto const& [phrase, rows] : counts[persona])
    candidates.push_back({sample.corpus.phrases[phrase].text, rows, all.at(phrase) - rows,
                          math::dot_double(row_of(sample.phrase_vectors, phrase, dims), centroid)});
  return name_terms(candidates, k_terms);
}

double cosine_to(Persona const& persona, Table const& table, std::size_t row) {
  return math::dot_double(row_of(table.audience, row, table.dims), persona.centroid);
}

}  // namespace

std::vector<Persona> describe(Partition const& partition, Table const& table, Sample const& sample,
                              std::span<float const> fields, std::size_t dims) {
  auto const counts = first_phrases(partition, sample);
  PhraseCounts all;
  for (auto const& persona : counts)
    for (auto const& [phrase, rows] : persona)
      all[phrase] += rows;
  std::vector<std::vector<std::size_t>> members(partition.count), places(partition.count);
  for (std::size_t i = 0; i < partition.rows.size(); ++i)
    if (auto const label = partition.rows[i]; label != k_unlabelled) {
      members[label].push_back(sample.rows[i]);
      places[label].push_back(i);
    }
  std::vector<Persona> out(partition.count);
  std::vector<std::string> keys;
  for (std::size_t p = 0; p < out.size(); ++p) {
    auto& persona = out[p];
    persona.terms = terms_of(p, counts, all, sample, dims);
    persona.key = make_key(persona.terms.empty() ? "" : persona.terms.front().text, keys);
    persona.name = persona.terms.empty() ? persona.key : name_of(persona.terms);
    keys.push_back(persona.key);
    if (!table.audience.empty()) persona.centroid = unit_mean(table.audience, dims, members[p]);
    if (is_zero(persona.centroid)) persona.centroid.clear();
    if (!fields.empty()) persona.field_centroid = unit_mean(fields, dims, places[p]);
  }
  return out;
}

Assignment by_votes(std::span<std::pair<std::size_t, double> const> votes) {
  Assignment out;
  double total = 0;
  for (auto const& [label, weight] : votes) {
    total += weight;
    if (weight > out.score) {
      out.second = out.persona;
      out.second_score = out.score;
      out.persona = label;
      out.score = weight;
    } else if (weight > out.second_score) {
      out.second = label;
      out.second_score = weight;
    }
  }
  if (!out.persona) return {};
  out.score /= total;
  out.second_score /= total;
  out.basis = Basis::phrases;
  return out;
}

Assignment by_nearness(std::span<float const> row, std::span<Persona const> personas,
                       std::vector<float> Persona::* centroid) {
  if (row.empty() || is_zero(row)) return {};
  Assignment out;
  double best = -2, second = -2;
  for (std::size_t p = 0; p < personas.size(); ++p) {
    if ((personas[p].*centroid).empty()) continue;
    auto const cosine = math::dot_double(row, personas[p].*centroid);
    if (cosine > best) {
      out.second = out.persona;
      second = best;
      out.persona = p;
      best = cosine;
    } else if (cosine > second) {
      out.second = p;
      second = cosine;
    }
  }
  if (!out.persona) return {};
  out.score = std::clamp(best, 0.0, 1.0);
  out.second_score = std::clamp(second, 0.0, 1.0);
  out.basis = Basis::vector;
  return out;
}

void measure(std::vector<Persona>& personas, Table const& table, std::span<Assignment const> rows) {
  std::vector<std::vector<std::pair<double, std::size_t>>> ranked(personas.size());  // (-central, row)
  for (auto& persona : personas)
    persona.size = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].persona) continue;
    auto& persona = personas[*rows[i].persona];
    ++persona.size;
    bool const placed = !persona.centroid.empty() && !is_zero(row_of(table.audience, i, table.dims));
    if (placed)
      ranked[*rows[i].persona].emplace_back(-cosine_to(persona, table, i), i);
    else if (persona.centroid.empty())
      ranked[*rows[i].persona].emplace_back(-rows[i].score, i);
  }
  for (std::size_t p = 0; p < personas.size(); ++p) {
    auto& persona = personas[p];
    auto& list = ranked[p];
    std::ranges::sort(list);
    persona.medoids.clear();
    for (std::size_t i = 0; i < std::min(list.size(), k_medoids); ++i)
      persona.medoids.push_back(table.ids[list[i].second]);
    if (persona.centroid.empty() || list.empty()) continue;
    double sum = 0;
    for (auto const& [away, row] : list)
      sum -= away;
    persona.cohesion = sum / static_cast<double>(list.size());
    auto const beyond = static_cast<std::size_t>(k_outside_reach * static_cast<double>(list.size()));
    persona.reach = -list[list.size() - 1 - beyond].first;
  }
}

}  // namespace jvmm::personas
