#include "commands/calibrations.hpp"

#include <fmt/format.h>

#include <cmath>
#include <random>
#include <vector>

#include "base/error.hpp"
#include "json/parse.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_sampled_profiles = 2000;

using Vectors = std::vector<store::ProfileVector>;

/// Collects the cosines of pairs, each of two different profiles, up to a number.
class Cosines {
 public:
  Cosines(Vectors const& sources, Vectors const& targets, std::size_t most)
      : m_sources(sources), m_targets(targets), m_most(most) {}

  void take_all(bool symmetric) {
    for (std::size_t s = 0; s < m_sources.size(); ++s)
      for (std::size_t t = symmetric ? s + 1 : 0; t < m_targets.size(); ++t)
        take(s, t);
  }

  void draw(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (std::size_t tries = 0; cosines.size() < m_most && tries < 2 * m_most; ++tries) {
      auto const s = random() % m_sources.size();
      take(s, random() % m_targets.size());
    }
  }

  std::vector<double> cosines;

 private:
  void take(std::size_t s, std::size_t t) {
    if (m_sources[s].profile == m_targets[t].profile) return;
    if (auto const cosine = cosine_of(m_sources[s], m_targets[t])) cosines.push_back(*cosine);
  }

  Vectors const& m_sources;
  Vectors const& m_targets;
  std::size_t m_most;
};

std::vector<double> random_cosines(Vectors const& sources, Vectors const& targets, bool symmetric,
                                   NoiseOptions const& options) {
  Cosines out(sources, targets, options.pairs);
  if (sources.empty() || targets.empty()) return {};
  if (sources.size() * targets.size() <= options.pairs)
    out.take_all(symmetric);
  else
    out.draw(options.seed);
  return std::move(out.cosines);
}

}  // namespace

std::string embedded_model(db::Transaction& tx) {
  auto const models = store::embedding_models(tx);
  if (models.empty())
    throw Error(Kind::bad_input, "no profile has a vector").hint("run 'jvmm backfill-embeddings' first");
  if (models.size() == 1 && models.front().model != "(none)") return models.front().model;
  std::string counts;
  for (auto const& [model, profiles] : models)
    counts += fmt::format("{}{} ({} profiles)", counts.empty() ? "" : ", ", model, profiles);
  throw Error(Kind::bad_input, "the vectors of profiles are of " + counts + ", expected one model")
      .hint("embed all with the same: 'jvmm backfill-embeddings --model NAME'");
}

Sides sides_of(scoring::FieldPair pair) {
  using store::VectorSide;
  if (pair == scoring::FieldPair::audience) return {VectorSide::who_you_serve, VectorSide::who_you_serve};
  return {VectorSide::seeking, VectorSide::offering};
}

std::optional<scoring::Calibration> find_calibration(db::Transaction& tx, std::string_view model,
                                                     scoring::FieldPair pair) {
  if (auto const stored = store::newest_calibration(tx, model, scoring::name(pair))) {
    auto const source = fmt::format("jvmm.calibration {} {} version {}", model, scoring::name(pair), stored->version);
    auto const document = json::parse(stored->document_json, source);
    return scoring::read_calibration(json::Ref(document, source));
  }
  auto const* shipped = scoring::find_shipped_calibration(model, pair);
  return shipped ? std::optional(*shipped) : std::nullopt;
}

std::optional<double> cosine_of(store::ProfileVector const& a, store::ProfileVector const& b) {
  if (a.vector.empty() || b.vector.empty()) return std::nullopt;
  if (a.vector.size() != b.vector.size())
    throw Error(Kind::bad_answer, fmt::format("the vectors to compare are of {} dimensions (profile {}) and {} ({})",
                                              a.vector.size(), a.profile.text(), b.vector.size(), b.profile.text()))
        .hint("embed all with the same model: 'jvmm backfill-embeddings --force'");
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.vector.size(); ++i) {
    double const x = double{a.vector[i]}, y = double{b.vector[i]};
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  double const cosine = dot / (std::sqrt(aa) * std::sqrt(bb));  // NaN if either is zero
  return std::isfinite(cosine) ? std::optional(cosine) : std::nullopt;
}

std::optional<scoring::Calibration> calibrate_from_noise(db::Transaction& tx, std::string_view model,
                                                         scoring::FieldPair pair, NoiseOptions const& options,
                                                         std::string_view fitted_at) {
  auto const sides = sides_of(pair);
  bool const symmetric = sides.source == sides.target;
  auto const sources = store::sample_vectors(tx, model, sides.source, options.seed, k_sampled_profiles);
  auto const targets =
      symmetric ? sources : store::sample_vectors(tx, model, sides.target, options.seed, k_sampled_profiles);
  auto const cosines = random_cosines(sources, targets, symmetric, options);
  if (cosines.size() < scoring::k_least_noise) return std::nullopt;
  scoring::Calibration out;
  out.model = model;
  out.field_pair = pair;
  out.noise = scoring::noise_of(cosines);
  out.map = scoring::fit_noise_floor(*out.noise);
  out.fitted_at = fitted_at;
  out.source = fmt::format("random pairs of {} and {} profiles, seed {}", sources.size(), targets.size(), options.seed);
  out.pairs = cosines.size();
  return out;
}

}  // namespace jvmm::commands
