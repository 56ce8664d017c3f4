#include "commands/persona_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "db/sql.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "store/personas.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_hash_digits = 8;

std::optional<double> number(json::Ref const& evidence, std::string_view member) {
  auto const* const value = evidence.value().find(member);
  if (!value) return std::nullopt;
  if (auto const* real = value->get_if<double>()) return *real;
  if (auto const* whole = value->get_if<std::int64_t>()) return static_cast<double>(*whole);
  return std::nullopt;
}

void add(std::string& text, std::string const& part) {
  text += (text.empty() ? "" : "; ") + part;
}

}  // namespace

std::string load_persona_matrix(db::ReadTx& tx, scoring::ScoringProfile& profile) {
  bool const wanted = profile[scoring::FactorId::persona_complementarity].enabled;
  if (!wanted || !profile.persona_complementarity.labels().empty()) return "";
  std::string text;
  auto complements = store::list_complements(tx);
  std::sort(complements.begin(), complements.end(),
            [](auto const& x, auto const& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); });
  for (auto const& one : complements) {
    if (!one.score) continue;
    profile.persona_complementarity.set(one.a, one.b, *one.score);
    text += fmt::format("{} {} {}\n", one.a, one.b, *one.score);
  }
  return text.empty() ? "" : "p:" + text::md5_hex(text).substr(0, k_hash_digits);
}

std::string complement_reason(std::string const& evidence_json) {
  if (evidence_json.empty()) return "";
  auto const document = json::parse(evidence_json, "jvmm.persona_complement.evidence");
  json::Ref const evidence(document, "evidence");
  std::string out;
  if (auto const mentions = number(evidence, "mentions"); mentions && *mentions > 0) {
    std::string phrases;
    for (auto const& phrase : evidence["phrases"].items())
      phrases += (phrases.empty() ? ": " : ", ") + std::string(phrase.string());
    add(out, fmt::format("{:.0f} profiles of one seek or offer to the other{}", *mentions, phrases));
  }
  if (auto const fit = number(evidence, "fit"))
    add(out, fmt::format("what one seeks is what the other offers {} than usual ({:+.1f} standard deviations)",
                         *fit >= 0 ? "more" : "less", *fit));
  if (auto const value = number(evidence, "pair_value"); value && number(evidence, "pairs").value_or(0) > 0)
    add(out, fmt::format("{:.0f} known pairs, {:.0f} of them outcomes, worth {:.2f} of the mean",
                         *number(evidence, "pairs"), number(evidence, "outcomes").value_or(0), *value));
  return out;
}

std::optional<PersonaPair> read_persona_pair(db::ReadTx& tx, std::optional<std::string> const& a,
                                             std::optional<std::string> const& b) {
  if (!a || !b || a->empty() || b->empty()) return std::nullopt;
  auto const rows = tx.exec(db::sql::personas_complement_of, db::Params().add(*a).add(*b));
  auto const row = rows.one();
  return PersonaPair{*a,
                     *b,
                     row.optional<std::string>("name_a").value_or(""),
                     row.optional<std::string>("name_b").value_or(""),
                     row.optional<double>("score"),
                     row.optional<std::string>("evidence").value_or("")};
}

}  // namespace jvmm::commands
