#include "commands/evaluate/credential_measures.hpp"

#include <algorithm>
#include <optional>

#include "credentials/grounding.hpp"
#include "credentials/normalised_text.hpp"

namespace jvmm::commands {
namespace {

using credentials::Field;
using credentials::NormalisedText;
using credentials::Value;

/// Words with one blank between them: ASCII letters and digits, and whatever is beyond.
std::u32string words_of(std::string_view name) {
  std::u32string out;
  bool gap = false;
  for (auto const c : credentials::comparable(name)) {
    bool const kept = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c >= 0x80;
    if (kept && gap && !out.empty()) out += U' ';
    gap = !kept;
    if (kept) out += c;
  }
  return out;
}

bool match(std::u32string const& a, std::u32string const& b) {
  if (a.empty() || b.empty()) return false;
  return a.find(b) != std::u32string::npos || b.find(a) != std::u32string::npos;
}

std::vector<std::u32string> words_of(std::vector<std::string> const& names) {
  std::vector<std::u32string> out;
  for (auto const& name : names)
    out.push_back(words_of(name));
  return out;
}

/// The texts of a case, normalised once.
class Texts {
 public:
  explicit Texts(credentials::Source const& source) {
    if (source.social_proof) m_proof.emplace(*source.social_proof);
    if (source.bio) m_bio.emplace(*source.bio);
  }
  NormalisedText const* of(Field field) const {
    auto const& text = field == Field::bio ? m_bio : m_proof;
    return text ? &*text : nullptr;
  }
  bool holds(Value const& value) const {
    auto const* text = of(value.field);
    return text && value.place.start < value.place.end && value.place.end <= text->code_points() &&
           text->slice(value.place) == value.name;
  }

 private:
  std::optional<NormalisedText> m_proof, m_bio;
};

bool is_accepted(std::string const& decoy, CredentialCase const& one, Texts const& texts) {
  for (auto const field : {Field::social_proof, Field::bio}) {
    auto const* text = texts.of(field);
    auto const place = text ? credentials::ground(decoy, *text) : std::nullopt;
    if (!place) continue;
    if (std::any_of(one.said.begin(), one.said.end(), [&](Value const& value) {
          return value.field == field && value.place.start < place->end && place->start < value.place.end;
        }))
      return true;
  }
  return false;
}

CredentialMeasure measure(CredentialCase const& one, credentials::Kind kind, Texts const& texts) {
  CredentialMeasure out;
  auto const truth = words_of(one.truth[static_cast<std::size_t>(kind)]);
  std::vector<std::u32string> said;
  for (auto const& value : one.said) {
    if (value.kind != kind) continue;
    said.push_back(words_of(value.name));
    out.ungrounded += !texts.holds(value);
    out.wrong += std::none_of(truth.begin(), truth.end(), [&](auto const& name) { return match(name, said.back()); });
  }
  out.said = said.size();
  out.truth = truth.size();
  for (auto const& name : truth)
    out.found += std::any_of(said.begin(), said.end(), [&](auto const& value) { return match(name, value); });
  return out;
}

}  // namespace

CredentialMeasure& CredentialMeasure::operator+=(CredentialMeasure const& other) {
  truth += other.truth;
  found += other.found;
  said += other.said;
  wrong += other.wrong;
  ungrounded += other.ungrounded;
  return *this;
}

double CredentialMeasures::lowest() const {
  double out = 1;
  for (auto const& kind : kinds)
    out = std::min({out, kind.precision(), kind.recall()});
  return out;
}

CredentialMeasures measure_credentials(std::span<CredentialCase const> cases) {
  CredentialMeasures out;
  out.profiles = cases.size();
  for (auto const& one : cases) {
    Texts const texts(one.source);
    for (auto const kind : credentials::k_kinds)
      out.kinds[static_cast<std::size_t>(kind)] += measure(one, kind, texts);
    out.decoys += one.decoys.size();
    for (auto const& decoy : one.decoys)
      out.decoys_accepted += is_accepted(decoy, one, texts);
  }
  for (auto const& kind : out.kinds)
    out.all += kind;
  return out;
}

}  // namespace jvmm::commands
