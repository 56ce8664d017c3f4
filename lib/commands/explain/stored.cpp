// What is stored for a pair, against what would be computed now.

#include <algorithm>
#include <cmath>

#include "commands/explain/explanation.hpp"
#include "commands/match_context.hpp"
#include "db/capabilities.hpp"
#include "db/sql.hpp"
#include "json/parse.hpp"

namespace jvmm::commands {
namespace {

using scoring::Dimension;

constexpr double k_visible = 0.005;  // half of the last decimal that is stored

std::optional<double> number(json::Value const* value) {
  if (!value) return std::nullopt;
  if (auto const* x = value->get_if<double>()) return *x;
  if (auto const* x = value->get_if<std::int64_t>()) return static_cast<double>(*x);
  return std::nullopt;
}

std::optional<std::string> string(json::Value const* value) {
  auto const* const text = value ? value->get_if<std::string>() : nullptr;
  return text ? std::optional(*text) : std::nullopt;
}

json::Value const* find(json::Value const* value, std::string_view member) {
  return value ? value->find(member) : nullptr;
}

bool differ(std::optional<double> x, std::optional<double> y) {
  return x.has_value() != y.has_value() || (x && !(std::abs(*x - *y) < k_visible));
}

StoredPair read_row(db::Row const& row, bool reverse) {
  StoredPair pair;
  pair.match = row.get<ProfileId>("id");
  pair.reverse = reverse;
  pair.match_score = row.optional<double>("match_score");
  pair.forth = row.optional<double>("score_ab");
  pair.back = row.optional<double>("score_ba");
  pair.harmonic_mean = row.optional<double>("harmonic_mean");
  pair.reason = row.optional<std::string>("match_reason").value_or("");
  pair.status = row.optional<std::string>("status").value_or("");
  pair.source = row.optional<std::string>("source").value_or("");
  pair.form = row.get<std::string>("form");
  pair.context = json::parse(row.get<std::string>("context"), "match_context of " + pair.match.text());
  auto const untouched = row.optional<bool>("untouched");
  auto const* const scoring = pair.context.find("scoring");
  pair.basis = untouched.value_or(false) ? row.optional<std::string>("scored_basis") : string(find(scoring, "basis"));
  pair.input = untouched.value_or(false) ? row.optional<std::string>("scored_input") : string(find(scoring, "input"));
  pair.changed_elsewhere = untouched == false && !pair.context.find("generation");
  return pair;
}

/// The differences of one direction's breakdown.
class Comparison {
 public:
  Comparison(bool reverse, std::vector<Difference>& found) : m_reverse(reverse), m_found(found) {}

  void score(Dimension dimension, std::optional<double> stored, std::optional<double> now) {
    if (differ(stored, now)) m_found.push_back({m_reverse, name(dimension), {}, stored, now, {}, {}});
  }

  void factors(Dimension dimension, json::Value const* stored, std::vector<scoring::FactorLine> const& now) {
    json::Array const none;
    auto const* const given = stored ? stored->get_if<json::Array>() : nullptr;
    auto const& list = given ? *given : none;
    auto const is = [](json::Value const& factor, scoring::FactorLine const& line) {
      return string(factor.find("name")) == info(line.id).name;
    };
    for (auto const& line : now) {
      auto const at = std::find_if(list.begin(), list.end(), [&](auto const& factor) { return is(factor, line); });
      add(dimension, std::string(info(line.id).name), at == list.end() ? nullptr : &*at, &line);
    }
    for (auto const& factor : list)
      if (std::none_of(now.begin(), now.end(), [&](auto const& line) { return is(factor, line); }))
        add(dimension, string(factor.find("name")).value_or("?"), &factor, nullptr);
  }

 private:
  void add(Dimension dimension, std::string factor, json::Value const* stored, scoring::FactorLine const* now) {
    Difference difference{m_reverse, name(dimension), std::move(factor), number(find(stored, "score")), {}, {}, {}};
    difference.stored_weight = number(find(stored, "weight"));
    if (now) {
      difference.now = now->shown();
      difference.now_weight = now->weight;
    }
    if (differ(difference.stored, difference.now) || differ(difference.stored_weight, difference.now_weight))
      m_found.push_back(std::move(difference));
  }

  bool m_reverse;
  std::vector<Difference>& m_found;
};

void compare_breakdown(json::Value const& stored, scoring::DirectionBreakdown const& now, Comparison comparison) {
  for (auto const dimension : scoring::k_all_dimensions) {
    auto const* const line = stored.find(name(dimension));
    comparison.score(dimension, number(find(line, "score")), now[dimension].score);
    comparison.factors(dimension, find(line, "factors"), now[dimension].factors);
  }
}

// A compact context has only scores: intent, synergy, momentum, context.
void compare_dimensions(json::Value const& stored, scoring::DirectionBreakdown const& now, Comparison comparison) {
  auto const* const scores = stored.get_if<json::Array>();
  for (auto const dimension : scoring::k_all_dimensions)
    if (scores && index(dimension) < scores->size())
      comparison.score(dimension, number(&(*scores)[index(dimension)]), now[dimension].score);
}

std::vector<Difference> differences(StoredPair const& pair, Explanation const& now) {
  std::vector<Difference> found;
  auto const* const compact = pair.context.find("dimensions");
  auto const* const both = compact ? compact->get_if<json::Array>() : nullptr;
  for (bool const back : {false, true}) {
    bool const reverse = pair.reverse != back;
    auto const& direction = reverse ? now.pair.ba : now.pair.ab;
    if (auto const* const stored = pair.context.find(back ? "breakdown_ba" : "breakdown_ab"))
      compare_breakdown(*stored, direction, {reverse, found});
    else if (both && both->size() == 2)
      compare_dimensions((*both)[back], direction, {reverse, found});
  }
  return found;
}

std::vector<std::string> why_outdated(StoredPair const& pair, Explanation const& now) {
  std::vector<std::string> reasons;
  if (pair.changed_elsewhere) reasons.push_back("somebody else wrote the scores since jvmm did");
  if (pair.basis != now.setup.basis) reasons.push_back("scored by " + *pair.basis);
  auto const &first = pair.reverse ? now.b : now.a, &second = pair.reverse ? now.a : now.b;
  if (pair.input == pair_input(first.hash, second.hash)) return reasons;
  auto const input = pair.input.value_or("");
  auto const colon = std::min(input.find(':'), input.size());
  auto const changed = [&](ScoredProfile const& profile, std::string_view hash) {
    if (hash != profile.hash) reasons.push_back("what is known of " + profile.profile.id.text() + " differs");
  };
  changed(first, std::string_view(input).substr(0, colon));
  changed(second, std::string_view(input).substr(std::min(colon + 1, input.size())));
  return reasons;
}

}  // namespace

std::string_view name(Freshness freshness) {
  switch (freshness) {
    case Freshness::current:
      return "current";
    case Freshness::outdated:
      return "out of date";
    case Freshness::unknown:
      return "unknown";
    case Freshness::unscored:
      return "unscored";
  }
  return "";
}

std::vector<StoredPair> read_stored(db::ReadTx& tx, ProfileId a, ProfileId b) {
  std::vector<StoredPair> pairs;
  if (!db::inspect(tx).table("match_suggestions")) return pairs;
  for (bool const reverse : {false, true})
    for (auto const row : tx.exec(db::sql::explain_stored, db::Params().add(reverse ? b : a).add(reverse ? a : b)))
      pairs.push_back(read_row(row, reverse));
  return pairs;
}

StoredView compare_stored(StoredPair pair, Explanation const& now) {
  StoredView view{std::move(pair), Freshness::unknown, {}, {}};
  if (!view.pair.harmonic_mean) {
    view.freshness = Freshness::unscored;
  } else if (view.pair.basis) {
    view.reasons = why_outdated(view.pair, now);
    view.freshness = view.reasons.empty() ? Freshness::current : Freshness::outdated;
  } else {
    view.reasons.push_back("it does not say by what it was scored");
  }
  view.differences = differences(view.pair, now);
  return view;
}

}  // namespace jvmm::commands
