#include "personas/sample.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"

namespace jvmm::personas {
namespace {

std::vector<std::size_t> order_by_id(std::span<AudienceText const> rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) -> std::string const& { return rows[i].id; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto const& id = rows[order[i]].id;
    if (id.empty())
      throw Error(Kind::bad_input, "row " + std::to_string(order[i] + 1) + " of the audience texts has no id");
    if (i > 0 && rows[order[i - 1]].id == id)
      throw Error(Kind::bad_input, "profile " + id + " is twice among the audience texts");
  }
  return order;
}

std::vector<float> reordered(std::vector<float> const& matrix, std::vector<std::size_t> const& order,
                             std::size_t dims) {
  std::vector<float> out;
  out.reserve(matrix.size());
  if (!matrix.empty())
    for (auto const i : order) {
      auto const row = row_of(matrix, i, dims);
      out.insert(out.end(), row.begin(), row.end());
    }
  return out;
}

}  // namespace

Table make_table(FitInput const& input) {
  Table out;
  std::vector<std::string> ids;
  for (auto const& row : input.rows)
    ids.push_back(row.id);
  out.given = order_by_id(input.rows);
  auto const audience = unit_rows(input.audience, ids, "the audience vector");
  auto const activity = unit_rows(input.activity, ids, "the vector of what_you_do");
  if (!audience.empty() && !activity.empty() && input.audience.dims != input.activity.dims)
    throw Error(Kind::bad_input, "vectors of different models: those of audiences have " +
                                     std::to_string(input.audience.dims) + " dimensions, those of what_you_do " +
                                     std::to_string(input.activity.dims));
  out.dims = std::max(audience.empty() ? 0 : input.audience.dims, activity.empty() ? 0 : input.activity.dims);
  out.audience = reordered(audience, out.given, out.dims);
  out.activity = reordered(activity, out.given, out.dims);
  for (auto const i : out.given) {
    out.ids.push_back(input.rows[i].id);
    out.rows.push_back(clean_row(input.rows[i]));
  }
  return out;
}

Sample make_sample(Table const& table, std::vector<std::size_t> rows, PhraseVectors& vectors,
                   Parameters const& parameters) {
  Sample out;
  std::vector<CleanRow const*> cleaned;
  for (auto const row : rows)
    cleaned.push_back(&table.rows[row]);
  out.rows = std::move(rows);
  out.corpus = gather(cleaned, parameters);
  out.phrase_vectors = vectors.rows(out.corpus.phrases);
  out.nodes = join_phrases(out.corpus.phrases, out.phrase_vectors, vectors.dims(), parameters.join_cosine);
  out.named = nodes_of(out.corpus);
  return out;
}

std::vector<float> field_vectors(Table const& table, Sample const& sample, std::size_t dims,
                                 Parameters const& parameters) {
  std::vector<float> out;
  out.reserve(sample.rows.size() * dims);
  auto const& beside = table.activity.empty() ? table.audience : table.activity;
  for (std::size_t i = 0; i < sample.rows.size(); ++i) {
    auto const& phrases = sample.corpus.rows[i];
    auto const& named = phrases.heads.empty() ? phrases.types : phrases.heads;
    std::vector<std::size_t> const at(named.begin(), named.end());
    auto const second = beside.empty() ? std::span<float const>() : row_of(beside, sample.rows[i], dims);
    auto const vector = field_vector(sample.phrase_vectors, dims, at, second, parameters.activity_weight);
    out.insert(out.end(), vector.begin(), vector.end());
  }
  return out;
}

}  // namespace jvmm::personas
