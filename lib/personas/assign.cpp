#include "personas/assign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "math/gemm.hpp"
#include "math/top_k.hpp"
#include "personas/describe.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_nearest = 5;
constexpr double k_sharpness = 8;
constexpr double k_hit_vote = 0.5;
constexpr std::size_t k_drift_rows = 30;
constexpr double k_drift = 0.1;
constexpr std::size_t k_block = 256;

using Votes = std::map<std::size_t, double>;

/// What a phrase says, through the nodes most like it.
struct Opinion {
  Votes votes;
  bool familiar = false;
};

/// The phrases that a row names, as places in a list of distinct ones.
struct Named {
  std::vector<std::size_t> heads, types;
};

std::vector<std::string> parted_phrases(Model const& model, std::vector<std::string> const& wholes) {
  auto const alone = [&](std::string_view text) {
    auto const found =
        std::ranges::lower_bound(model.phrases, text, {}, [](Phrase const& p) { return std::string_view(p.text); });
    return found != model.phrases.end() && found->text == text && found->rows >= model.parameters.standalone_count;
  };
  std::vector<std::string> out;
  for (auto const& whole : wholes)
    for (auto const part : parted(whole, alone))
      if (std::ranges::find(out, part) == out.end()) out.emplace_back(part);
  return out;
}

Opinion opinion(Model const& model, std::vector<std::uint32_t> const& voters, std::span<float const> cosines) {
  Opinion out;
  auto const nearest = math::top_k(cosines, k_nearest);
  if (nearest.empty() || nearest.front().score <= 0) return out;
  auto const best = static_cast<double>(nearest.front().score);
  out.familiar = best >= model.parameters.join_cosine;
  double total = 0;
  std::vector<double> weights;
  for (auto const& node : nearest) {
    weights.push_back(std::pow(std::max(0.0, static_cast<double>(node.score)), k_sharpness));
    total += weights.back();
  }
  if (total <= 0) return out;
  for (std::size_t i = 0; i < nearest.size(); ++i)
    if (auto const& persona = model.nodes[voters[nearest[i].index]].persona; persona && weights[i] > 0)
      out.votes[*persona] += best * weights[i] / total;
  return out;
}

class Assigning {
 public:
  Assigning(Model const& model, AssignInput const& input) : m_model(model), m_input(input) {
    if (input.embedding != model.embedding)
      throw Error(Kind::bad_input, fmt::format("the personas were found with the embedding model {}, these vectors are "
                                               "of {}",
                                               model.embedding, input.embedding))
          .hint("embed with the same model, or find personas anew");
    for (auto const& row : input.rows)
      m_ids.push_back(row.id);
    m_audience = unit_rows(checked(input.audience), m_ids, "the audience vector");
    m_activity = unit_rows(checked(input.activity), m_ids, "the vector of what_you_do");
  }

  Assigned run() {
    read();
    ask();
    Assigned out;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
      out.rows.push_back(one(i, out));
    finish(out);
    return out;
  }

 private:
  RowVectors checked(RowVectors const& vectors) const {
    if (!vectors.values.empty() && vectors.dims != m_model.dims)
      throw Error(Kind::bad_input,
                  fmt::format("vectors of {} dimensions, the personas have {}", vectors.dims, m_model.dims));
    return vectors;
  }

  void read() {
    std::vector<std::string const*> texts;
    for (auto const& row : m_input.rows) {
      auto cleaned = clean_row(row);
      if (std::ranges::binary_search(m_model.generic, cleaned.type_value)) cleaned.types.clear();
      cleaned.heads = parted_phrases(m_model, cleaned.heads);
      cleaned.types = parted_phrases(m_model, cleaned.types);
      m_rows.push_back(std::move(cleaned));
    }
    for (auto const& row : m_rows)
      texts.push_back(&row.other);
    m_hits = find_phrases(m_model.phrases, texts, m_model.parameters);
    std::set<std::string> distinct;
    for (auto const& row : m_rows) {
      distinct.insert(row.heads.begin(), row.heads.end());
      distinct.insert(row.types.begin(), row.types.end());
    }
    for (auto const& text : distinct)
      m_phrases.push_back({text, 0, 0});
  }

  void ask() {
    PhraseVectors vectors(m_input.embed, m_model.dims);
    m_vectors = vectors.rows(m_phrases);
    std::vector<std::uint32_t> nodes;
    std::vector<float> matrix;
    for (std::uint32_t i = 0; i < m_model.nodes.size(); ++i) {
      nodes.push_back(i);
      matrix.insert(matrix.end(), m_model.nodes[i].vector.begin(), m_model.nodes[i].vector.end());
    }
    m_opinions.resize(m_phrases.size());
    if (nodes.empty()) return;
    std::vector<float> products(k_block * nodes.size());
    for (std::size_t begin = 0; begin < m_phrases.size(); begin += k_block) {
      auto const count = std::min(k_block, m_phrases.size() - begin);
      math::rows_by_rows({m_vectors.data() + begin * m_model.dims, count, m_model.dims},
                         {matrix.data(), nodes.size(), m_model.dims}, m_model.dims, products.data(), nodes.size());
      for (std::size_t i = 0; i < count; ++i)
        m_opinions[begin + i] = opinion(m_model, nodes, std::span(products).subspan(i * nodes.size(), nodes.size()));
    }
  }

  std::size_t place(std::string const& text) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(m_phrases, text, {}, &Phrase::text) - m_phrases.begin());
  }

  Assignment one(std::size_t i, Assigned& counts) const {
    auto const& row = m_rows[i];
    for (auto const& head : row.heads) {
      ++counts.phrases;
      counts.familiar += m_opinions[place(head)].familiar;  // a count, until all rows are done
    }
    counts.with_text += row.has_text;
    auto out = m_model.method == Method::phrase_graph ? by_phrases(i) : by_fields(i);
    if (!out.persona && row.has_text) out = by_audience(i);
    counts.by_phrases += out.basis == Basis::phrases;
    counts.by_vector += out.basis == Basis::vector;
    counts.unassigned += row.has_text && !out.persona;
    return out;
  }

  Assignment by_phrases(std::size_t i) const {
    Votes votes;
    auto const add = [&](Votes const& more, double weight) {
      for (auto const& [persona, vote] : more)
        votes[persona] += weight * vote;
    };
    double weight = 1;
    for (auto const& head : m_rows[i].heads) {
      add(m_opinions[place(head)].votes, weight);
      weight *= m_model.parameters.decay;
    }
    if (m_rows[i].heads.empty()) {
      for (auto const& type : m_rows[i].types)
        add(m_opinions[place(type)].votes, 1);
      for (auto const hit : m_hits[i])
        if (auto const& persona = m_model.nodes[m_model.phrases[hit].node].persona) votes[*persona] += k_hit_vote;
    }
    std::vector<std::pair<std::size_t, double>> const list(votes.begin(), votes.end());
    return by_votes(list);
  }

  /// As field_vectors of a fit.
  Assignment by_fields(std::size_t i) const {
    auto const dims = m_model.dims;
    std::vector<std::size_t> at;
    for (auto const& phrase : m_rows[i].heads.empty() ? m_rows[i].types : m_rows[i].heads)
      at.push_back(place(phrase));
    auto const& beside = m_activity.empty() ? m_audience : m_activity;
    auto const second = beside.empty() ? std::span<float const>() : row_of(beside, i, dims);
    auto const vector = field_vector(m_vectors, dims, at, second, m_model.parameters.activity_weight);
    return by_nearness(vector, m_model.personas, &Persona::field_centroid);
  }

  Assignment by_audience(std::size_t i) const {
    if (m_audience.empty()) return {};
    auto const found = by_nearness(row_of(m_audience, i, m_model.dims), m_model.personas, &Persona::centroid);
    bool const near = found.persona && found.score >= m_model.personas[*found.persona].reach;
    return near ? found : Assignment{};
  }

  void finish(Assigned& out) const {
    if (out.phrases > 0) out.familiar /= static_cast<double>(out.phrases);
    if (out.with_text < k_drift_rows) return;
    auto const unassigned = static_cast<double>(out.unassigned) / static_cast<double>(out.with_text);
    if (m_model.familiar > 0 && out.phrases > 0 && out.familiar < m_model.familiar - k_drift)
      out.remark = fmt::format("{:.0f} % of the audiences that these profiles name are known, {:.0f} % were expected",
                               100 * out.familiar, 100 * m_model.familiar);
    else if (unassigned > m_model.unassigned + k_drift)
      out.remark = fmt::format("{:.0f} % of these profiles got no persona, {:.0f} % when personas were found",
                               100 * unassigned, 100 * m_model.unassigned);
    out.drifted = !out.remark.empty();
  }

  Model const& m_model;
  AssignInput const& m_input;
  std::vector<std::string> m_ids;
  std::vector<float> m_audience, m_activity;
  std::vector<CleanRow> m_rows;
  std::vector<std::vector<std::uint32_t>> m_hits;
  std::vector<Phrase> m_phrases;  ///< distinct ones of all rows, by text
  std::vector<float> m_vectors;
  std::vector<Opinion> m_opinions;
};

}  // namespace

Assigned assign(Model const& model, AssignInput const& input) {
  return Assigning(model, input).run();
}

}  // namespace jvmm::personas
