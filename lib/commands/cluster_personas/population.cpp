#include "commands/cluster_personas/population.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/cluster_personas/assign_stage.hpp"
#include "personas/phrase_vectors.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_most_pairs = 200'000;

/// Puts a vector into its row; false if it is of another width.
bool put(std::vector<float>& matrix, std::size_t rows, std::size_t row, std::size_t dims,
         std::vector<float> const& vector) {
  if (vector.size() != dims) return false;
  if (matrix.empty()) matrix.resize(rows * dims);
  std::copy(vector.begin(), vector.end(), matrix.begin() + static_cast<std::ptrdiff_t>(row * dims));
  return true;
}

void append(std::vector<float>& matrix, std::size_t dims, std::vector<float> const& vector) {
  auto const at = matrix.size();
  matrix.resize(at + dims);
  std::copy(vector.begin(), vector.end(), matrix.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::optional<std::size_t> PersonaPopulation::find(ProfileId const& id) const {
  auto const found = std::lower_bound(ids.begin(), ids.end(), id);
  if (found == ids.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - ids.begin());
}

personas::RowVectors PersonaPopulation::activity_vectors() const {
  if (activity.empty()) return {};
  return {activity, dims};
}

std::string PersonaPopulation::hash() const {
  text::Hasher hasher(text::Digest::sha256);
  auto const flag = [&](std::vector<float> const& matrix, std::size_t row) {
    return matrix.empty() || personas::is_zero(personas::row_of(matrix, row, dims)) ? '-' : '+';
  };
  for (std::size_t i = 0; i < ids.size(); ++i)
    hasher.add(fmt::format("{} {} {}{}\n", ids[i].text(), hashes[i], flag(audience, i), flag(activity, i)));
  return std::move(hasher).hex();
}

PersonaPopulation load_population(db::ReadTx& tx, inference::EmbedderInfo const& model,
                                  store::PersonaSample const& sample, store::IdealCustomers const& ideals,
                                  FreshVectors const* fresh) {
  PersonaPopulation out;
  out.sample = sample;
  out.dims = model.dims;
  ProfileId::Bytes last;
  last.fill(0xff);
  auto const of_all = ideals.in(tx, ProfileId(), ProfileId(last));
  bool any_activity = false;
  std::vector<float> const none(model.dims);
  store::read_persona_population(tx, model.model, of_all, sample, [&](store::PopulationRow&& row) {
    if (!row.vector.empty() && row.vector.size() != model.dims)
      throw Error(Kind::configuration,
                  fmt::format("the audience embedding of profile {} has {} numbers, model {} gives {}",
                              row.profile.text(), row.vector.size(), model.model, model.dims))
          .hint("two models go by one name: run 'jvmm cluster-personas --force' with the one that is wanted");
    auto const* vector = &row.vector;
    if (fresh)
      if (auto const found = fresh->find(row.profile); found != fresh->end()) vector = &found->second;
    out.ids.push_back(row.profile);
    out.hashes.push_back(std::move(row.hash));
    out.rows.push_back(audience_text(row.profile, row.texts));
    append(out.audience, model.dims, vector->empty() ? none : *vector);
    bool const has_activity = row.activity.size() == model.dims;
    any_activity |= has_activity;
    append(out.activity, model.dims, has_activity ? row.activity : none);
  });
  if (!any_activity) out.activity.clear();
  return out;
}

ComplementSources load_complement_sources(db::ReadTx& tx, PersonaPopulation const& population, std::string_view model) {
  ComplementSources out;
  auto const rows = population.rows.size();
  store::read_field_vectors(tx, model, population.sample, [&](ProfileId id, auto const& seeking, auto const& offering) {
    auto const row = population.find(id);
    if (!row) return;
    put(out.seeking, rows, *row, population.dims, seeking);
    put(out.offering, rows, *row, population.dims, offering);
  });
  for (auto const& pair : store::read_known_pairs(tx, k_most_pairs)) {
    auto const a = population.find(pair.a), b = population.find(pair.b);
    if (a && b) out.pairs.push_back({*a, *b, pair.value, pair.outcome});
  }
  return out;
}

}  // namespace jvmm::commands
