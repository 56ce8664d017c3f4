#include "commands/calibrate/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "commands/calibrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page = 2000, k_most_named = 5;

using VectorsById = std::unordered_map<ProfileId, store::ProfileVector>;
using Ids = std::set<ProfileId>;

Error not_there(std::string const& file, std::vector<JudgedPair> const& judged, Ids const& missing) {
  std::string named;
  std::size_t count = 0;
  for (auto const& id : missing) {
    if (++count > k_most_named) break;
    auto const has = std::find_if(judged.begin(), judged.end(), [&](auto const& p) { return p.a == id || p.b == id; });
    named += fmt::format("{}{} (line {})", named.empty() ? "" : ", ", id.text(), has->line);
  }
  if (missing.size() > k_most_named) named += fmt::format(" and {} more", missing.size() - k_most_named);
  return Error(Kind::bad_input, fmt::format("{}: there is no profile {}", file, named))
      .hint("name ids of this database's profiles");
}

/// The vectors of one side; those of `ids` that do not exist are added to `missing`.
VectorsById load(db::Transaction& tx, std::string const& model, store::VectorSide side, Ids const& ids, Ids& missing) {
  VectorsById out;
  std::vector<ProfileId> const all(ids.begin(), ids.end());
  for (std::size_t begin = 0; begin < all.size(); begin += k_page) {
    auto const page = std::span(all).subspan(begin, std::min(k_page, all.size() - begin));
    for (auto& one : store::vectors_of(tx, model, side, page))
      out.emplace(one.profile, std::move(one));
  }
  for (auto const& id : all)
    if (!out.contains(id)) missing.insert(id);
  return out;
}

/// Judged pairs with their cosines; those without are counted in `left_out`.
std::vector<scoring::LabelledPair> labelled_pairs(db::Transaction& tx, std::string const& file,
                                                  std::string const& model, scoring::FieldPair pair,
                                                  std::vector<JudgedPair> const& judged, std::size_t& left_out) {
  Ids a, b, missing;
  for (auto const& one : judged) {
    a.insert(one.a);
    b.insert(one.b);
  }
  auto const sides = sides_of(pair);
  auto const sources = load(tx, model, sides.source, a, missing), targets = load(tx, model, sides.target, b, missing);
  if (!missing.empty()) throw not_there(file, judged, missing);
  std::vector<scoring::LabelledPair> out;
  for (auto const& one : judged) {
    if (auto const cosine = cosine_of(sources.at(one.a), targets.at(one.b)))
      out.push_back({*cosine, one.label});
    else
      ++left_out;
  }
  return out;
}

Fitted fit_judged(db::Transaction& tx, CalibrateOptions const& options, std::string const& model,
                  scoring::FieldPair pair, std::vector<JudgedPair> const& judged) {
  Fitted out;
  auto const pairs = labelled_pairs(tx, *options.pairs, model, pair, judged, out.left_out);
  auto& calibration = out.calibration;
  calibration.method = scoring::CalibrationMethod::labelled;
  try {
    calibration.map = scoring::fit_labelled(pairs);
  } catch (Error& e) {
    if (out.left_out > 0) e.context(fmt::format("{} pairs were left out, as a side has no vector", out.left_out));
    throw e.context(fmt::format("in {} for {}", *options.pairs, scoring::name(pair)));
  }
  calibration.quality = scoring::measure(pairs, calibration.map, static_cast<std::uint64_t>(options.seed));
  calibration.source = std::filesystem::path(*options.pairs).filename().string();
  calibration.pairs = pairs.size();
  return out;
}

Fitted fit_noise(db::Transaction& tx, CalibrateOptions const& options, std::string const& model,
                 scoring::FieldPair pair, std::string const& fitted_at) {
  NoiseOptions const noise{static_cast<std::size_t>(options.sample), static_cast<std::uint64_t>(options.seed)};
  auto calibration = calibrate_from_noise(tx, model, pair, noise, fitted_at);
  if (!calibration)
    throw Error(Kind::bad_input, fmt::format("the table has fewer than {} pairs with vectors for {}",
                                             scoring::k_least_noise, scoring::name(pair)))
        .hint("embed more profiles with 'jvmm backfill-embeddings', or give judged pairs with --pairs");
  return {std::move(*calibration), 0, {}};
}

/// The pairs that the file means for a field pair.
std::vector<JudgedPair> meant_for(scoring::FieldPair pair, std::vector<JudgedPair> const& judged) {
  std::vector<JudgedPair> out;
  for (auto const& one : judged)
    if (!one.field_pair || *one.field_pair == pair) out.push_back(one);
  return out;
}

}  // namespace

std::vector<Fitted> fit_all(db::Transaction& tx, CalibrateOptions const& options, std::string const& model,
                            std::optional<std::vector<JudgedPair>> const& judged, std::string const& fitted_at) {
  std::vector<Fitted> out;
  for (auto const pair : options.field_pairs()) {
    auto const meant = judged ? meant_for(pair, *judged) : std::vector<JudgedPair>{};
    if (judged && meant.empty()) continue;
    out.push_back(judged ? fit_judged(tx, options, model, pair, meant)
                         : fit_noise(tx, options, model, pair, fitted_at));
    out.back().calibration.model = model;
    out.back().calibration.field_pair = pair;
    out.back().calibration.fitted_at = fitted_at;
  }
  if (out.empty())
    throw Error(Kind::bad_input,
                fmt::format("{} has no pair for {}", *options.pairs, scoring::name(options.field_pairs().front())))
        .hint("choose another --field-pair, or 'all'");
  return out;
}

}  // namespace jvmm::commands
