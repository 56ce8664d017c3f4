#include "personas/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "algo/assignment/assignment.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "personas/naming.hpp"
#include "personas/phrase_vectors.hpp"
#include "text/canonical.hpp"

namespace jvmm::personas {
namespace {

constexpr double k_goes_on = 0.5;      ///< share of an old persona's rows that have to go along
constexpr double k_split_share = 0.2;  ///< share of an old persona's rows that is a part of its own
constexpr std::size_t k_most_name = 200;
constexpr std::size_t k_terms = 10, k_medoids = 5;

/// Rows that old and new personas share.
struct Overlap {
  std::size_t before, now;
  std::vector<std::size_t> shared;  ///< before × now
  std::vector<std::size_t> of_before, of_now;

  std::size_t at(std::size_t old, std::size_t fresh) const { return shared[old * now + fresh]; }
  double share(std::size_t old, std::size_t fresh) const {
    return of_before[old] == 0 ? 0 : static_cast<double>(at(old, fresh)) / static_cast<double>(of_before[old]);
  }
};

Overlap overlap_of(Model const& before, std::span<RowKey const> rows_before, std::span<AudienceText const> rows,
                   Fit const& now) {
  std::unordered_map<std::string_view, std::size_t> old;
  for (auto const& row : rows_before)
    if (auto const index = before.find(row.key)) old.emplace(row.id, *index);
  Overlap out{before.personas.size(), now.model.personas.size(), {}, {}, {}};
  out.shared.assign(out.before * out.now, 0);
  out.of_before.assign(out.before, 0);
  out.of_now.assign(out.now, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const found = old.find(rows[i].id);
    if (found == old.end()) continue;
    ++out.of_before[found->second];  // of the rows that are still there, also those that have no persona now
    if (!now.rows[i].persona) continue;
    ++out.shared[found->second * out.now + *now.rows[i].persona];
    ++out.of_now[*now.rows[i].persona];
  }
  return out;
}

/// The old persona that each new one continues.
std::vector<std::optional<std::size_t>> continued(Model const& before, Overlap const& overlap) {
  std::vector<double> gains(overlap.shared.begin(), overlap.shared.end());
  std::vector<std::optional<std::size_t>> out(overlap.now);
  auto const matching = algo::best_assignment(gains, overlap.before, overlap.now);
  for (std::size_t old = 0; old < matching.size(); ++old) {
    if (!matching[old] || overlap.at(old, *matching[old]) == 0) continue;
    // The parts of one that a human joined come together again below, however many there are.
    bool const joined = !before.personas[old].absorbed.empty();
    if (joined || overlap.share(old, *matching[old]) >= k_goes_on) out[*matching[old]] = old;
  }
  return out;
}

void join(Persona& into, Persona const& from) {
  auto const weight = [](Persona const& persona) { return static_cast<double>(persona.size); };
  auto const mean = [&](std::vector<float> const& a, std::vector<float> const& b) {
    if (a.empty() || b.empty()) return a.empty() ? b : a;
    return unit_mean_of(a, weight(into), b, weight(from));
  };
  into.centroid = mean(into.centroid, from.centroid);
  into.field_centroid = mean(into.field_centroid, from.field_centroid);
  auto const size = weight(into) + weight(from);
  if (size > 0) into.cohesion = (into.cohesion * weight(into) + from.cohesion * weight(from)) / size;
  into.reach = std::min(into.reach, from.reach);
  into.size += from.size;
  for (auto const& term : from.terms)
    if (std::ranges::find(into.terms, term.text, &Term::text) == into.terms.end()) into.terms.push_back(term);
  if (into.terms.size() > k_terms) into.terms.resize(k_terms);
  // Medoids of both in turn, so that either part is shown.
  std::vector<std::string> medoids;
  for (std::size_t i = 0; i < k_medoids; ++i)
    for (Persona const* part : {&std::as_const(into), &from})
      if (i < part->medoids.size() && medoids.size() < k_medoids) medoids.push_back(part->medoids[i]);
  into.medoids = std::move(medoids);
}

/// Takes persona `from` out of the model, after it was joined with `into`; the new index of each.
std::vector<std::size_t> remove(Model& model, std::size_t from, std::size_t into) {
  std::vector<std::size_t> moved(model.personas.size());
  for (std::size_t i = 0; i < moved.size(); ++i)
    moved[i] = i - (i > from ? 1 : 0);
  moved[from] = moved[into];
  model.personas.erase(model.personas.begin() + static_cast<std::ptrdiff_t>(from));
  for (auto& node : model.nodes)
    if (node.persona) node.persona = static_cast<std::uint32_t>(moved[*node.persona]);
  return moved;
}

void move_rows(std::vector<Assignment>& rows, std::vector<std::size_t> const& moved) {
  for (auto& row : rows) {
    if (row.persona) row.persona = moved[*row.persona];
    if (row.second) row.second = moved[*row.second];
    if (!row.second || row.second != row.persona) continue;
    if (row.basis == Basis::phrases) row.score += row.second_score;
    row.second.reset();
    row.second_score = 0;
  }
}

/// Parts of a persona that a human has joined are joined again: a new one most of whose known rows were in it.
void merge_again(Model const& before, Overlap& overlap, std::vector<std::optional<std::size_t>>& continues, Fit& now,
                 Identity& out) {
  for (std::size_t fresh = overlap.now; fresh-- > 0;) {
    if (continues[fresh] || overlap.of_now[fresh] == 0) continue;
    for (std::size_t into = 0; into < continues.size(); ++into) {
      auto const old = continues[into];
      if (!old || before.personas[*old].absorbed.empty()) continue;
      if (2 * overlap.at(*old, fresh) < overlap.of_now[fresh]) continue;
      join(now.model.personas[into], now.model.personas[fresh]);
      for (std::size_t o = 0; o < overlap.before; ++o)
        overlap.shared[o * overlap.now + into] += overlap.at(o, fresh);
      overlap.of_now[into] += overlap.of_now[fresh];
      move_rows(now.rows, remove(now.model, fresh, into));
      continues.erase(continues.begin() + static_cast<std::ptrdiff_t>(fresh));
      for (std::size_t o = overlap.before; o-- > 0;)
        overlap.shared.erase(overlap.shared.begin() + static_cast<std::ptrdiff_t>(o * overlap.now + fresh));
      overlap.of_now.erase(overlap.of_now.begin() + static_cast<std::ptrdiff_t>(fresh));
      --overlap.now;
      out.merges.push_back({before.personas[*old].absorbed, before.personas[*old].key, true});
      break;
    }
  }
}

bool still_says(Persona const& old, std::vector<Term> const& terms) {
  for (std::size_t i = 0; i < std::min<std::size_t>(3, old.terms.size()); ++i)
    if (std::ranges::find(terms, old.terms[i].text, &Term::text) != terms.end()) return true;
  return old.terms.empty();
}

void take_identities(Model const& before, std::vector<std::optional<std::size_t>> const& continues, Model& now,
                     Identity& out) {
  std::vector<std::string> taken = before.retired;
  for (auto const& old : before.personas)
    taken.push_back(old.key);
  for (std::size_t i = 0; i < now.personas.size(); ++i) {
    auto& persona = now.personas[i];
    if (!continues[i]) {
      persona.key = make_key(persona.terms.empty() ? "" : persona.terms.front().text, taken);
      taken.push_back(persona.key);
      out.born.push_back(persona.key);
      continue;
    }
    auto const& old = before.personas[*continues[i]];
    persona.key = old.key;
    persona.absorbed = old.absorbed;
    persona.named_by_hand = old.named_by_hand;
    if (old.named_by_hand || still_says(old, persona.terms)) persona.name = old.name;
    out.kept.push_back(persona.key);
  }
  now.retired = before.retired;
  for (auto const& old : before.personas)
    if (std::ranges::find(out.kept, old.key) == out.kept.end()) {
      out.ended.push_back(old.key);
      now.retired.push_back(old.key);
    }
  std::ranges::sort(now.retired);
}

void tell_splits(Model const& before, Overlap const& overlap, Model const& now, Identity& out) {
  for (std::size_t old = 0; old < overlap.before; ++old) {
    Split split{before.personas[old].key, {}};
    for (std::size_t fresh = 0; fresh < overlap.now; ++fresh)
      if (overlap.share(old, fresh) >= k_split_share) split.now.push_back(now.personas[fresh].key);
    if (split.now.size() < 2) continue;
    std::ranges::stable_partition(split.now, [&](std::string const& key) { return key == split.before; });
    out.splits.push_back(std::move(split));
  }
}

void tell_merges(Model const& before, Overlap const& overlap, Model const& now, Identity& out) {
  for (std::size_t fresh = 0; fresh < overlap.now; ++fresh) {
    Merge merge{{}, now.personas[fresh].key, false};
    for (std::size_t old = 0; old < overlap.before; ++old)
      if (overlap.at(old, fresh) > 0 && overlap.share(old, fresh) >= k_goes_on)
        merge.before.push_back(before.personas[old].key);
    if (merge.before.size() >= 2) out.merges.push_back(std::move(merge));
  }
}

std::size_t require(Model const& model, std::string_view key) {
  if (auto const found = model.find(key)) return *found;
  std::string keys;
  for (auto const& persona : model.personas)
    keys += (keys.empty() ? "" : ", ") + persona.key;
  auto error = Error(Kind::bad_input, fmt::format("there is no persona '{}'", key));
  if (std::ranges::find(model.retired, key) != model.retired.end())
    error = Error(Kind::bad_input, fmt::format("the persona '{}' is no more", key));
  throw error.hint(keys.empty() ? "there are none yet" : "there are " + keys);
}

void require_name(std::string_view name) {
  auto const refuse = [](std::string const& what) { throw Error(Kind::bad_input, "the persona's name " + what); };
  if (text::strip(name).empty()) refuse("is empty");
  if (text::code_point_count(name) > k_most_name) refuse(fmt::format("is longer than {} characters", k_most_name));
  if (utf8::first_invalid(name) != std::string_view::npos) refuse("is not UTF-8");
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    refuse("has control characters");
}

}  // namespace

Identity match_identities(Model const& before, std::span<RowKey const> rows_before, std::span<AudienceText const> rows,
                          Fit& now) {
  if (rows.size() != now.rows.size())
    throw Error(Kind::internal, fmt::format("{} rows, and {} of them assigned", rows.size(), now.rows.size()));
  Identity out;
  auto overlap = overlap_of(before, rows_before, rows, now);
  auto continues = continued(before, overlap);
  merge_again(before, overlap, continues, now, out);
  take_identities(before, continues, now.model, out);
  tell_splits(before, overlap, now.model, out);
  tell_merges(before, overlap, now.model, out);
  for (std::size_t old = 0; old < overlap.before; ++old)
    out.rows += overlap.of_before[old];
  for (std::size_t fresh = 0; fresh < overlap.now; ++fresh)
    if (continues[fresh]) out.rows_kept += overlap.at(*continues[fresh], fresh);
  return out;
}

void rename(Model& model, std::string_view key, std::string_view name) {
  auto const index = require(model, key);
  require_name(name);
  auto const stripped = text::strip(name);
  for (std::size_t i = 0; i < model.personas.size(); ++i)
    if (i != index && model.personas[i].name == stripped)
      throw Error(Kind::bad_input, fmt::format("the persona '{}' is called that already", model.personas[i].key))
          .hint("choose another name, or merge the two");
  model.personas[index].name = stripped;
  model.personas[index].named_by_hand = true;
}

std::vector<std::size_t> merge(Model& model, std::string_view key, std::string_view into) {
  auto const from = require(model, key), target = require(model, into);
  if (from == target) throw Error(Kind::bad_input, fmt::format("'{}' cannot be merged with itself", key));
  join(model.personas[target], model.personas[from]);
  auto& absorbed = model.personas[target].absorbed;
  auto const& more = model.personas[from];
  absorbed.insert(absorbed.end(), more.absorbed.begin(), more.absorbed.end());
  absorbed.push_back(more.key);
  std::ranges::sort(absorbed);
  model.retired.push_back(more.key);
  std::ranges::sort(model.retired);
  return remove(model, from, target);
}

}  // namespace jvmm::personas
