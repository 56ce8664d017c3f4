#include "scoring/feature_hash.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "scoring/profile_fields.hpp"
#include "text/digest.hpp"

namespace jvmm::scoring {
namespace {

class Features {
 public:
  void add_bytes(std::string_view bytes) {
    m_hasher.add(fmt::format("{}:", bytes.size()));  // so that no two lists of values run together
    m_hasher.add(bytes);
  }
  void add(std::optional<std::string> const& text) { text ? add_bytes(*text) : m_hasher.add("-"); }
  void add(std::optional<double> x) { m_hasher.add(x ? fmt::format("{},", *x) : "-,"); }
  void add(Direction const& vector) {
    add_bytes(std::string_view(reinterpret_cast<char const*>(vector.data.data()), vector.data.size() * sizeof(float)));
  }
  std::string hex() && { return std::move(m_hasher).hex(); }

 private:
  text::Hasher m_hasher{text::Digest::md5};
};

}  // namespace

std::string feature_hash(Profile const& profile, Prepared const& prepared, ScoringProfile const& rules) {
  Features features;
  for (auto const& [column, member] : profile_texts())
    features.add(profile.*member);
  features.add_bytes(json::to_text(decoded(profile.content_platforms, rules.decode_json_strings)));
  features.add(profile.list_size);
  for (auto const& score : {prepared.intent, prepared.momentum, prepared.context, prepared.network})
    features.add(score);
  features.add(prepared.context_sum.total);
  features.add(prepared.context_sum.possible);
  for (auto const& offer : profile.offer_types)
    features.add_bytes(fmt::format("{} {}", offer.label, offer.confidence));
  if (profile.content_style) features.add_bytes(profile.content_style->label);
  features.add(static_cast<double>(prepared.style != 0));
  features.add(profile.audience_persona);
  features.add(prepared.seeking);
  features.add(prepared.offering);
  features.add(prepared.audience);
  return std::move(features).hex().substr(0, 16);
}

}  // namespace jvmm::scoring
