#include "credentials/chat_answer.hpp"
#include "credentials/grounding.hpp"
#include "credentials/merge.hpp"
#include "credentials/rules.hpp"
#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {

// A profile's text, and after a zero byte a model's answer about it.
int credentials(std::uint8_t const* data, std::size_t size) {
  namespace c = jvmm::credentials;
  static c::Rules const rules(c::shipped_gazetteers());
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  auto const cut = std::min(all.find('\0'), all.size());
  c::Source const source{std::nullopt, std::string(all.substr(0, cut))};
  c::NormalisedText const text(*source.bio);
  auto values = rules.extract(source).values;
  for (auto const& value : values)
    require(!value.name.empty() && text.slice(value.place) == value.name, "values are cut from the text");
  for (auto const& candidate : c::parse_chat_answer(all.substr(std::min(cut + 1, all.size()))).candidates)
    if (auto const place = c::ground(candidate.name, text))
      values.push_back({candidate.kind, text.slice(*place), candidate.year, c::Field::bio, *place, c::Method::chat,
                        candidate.confidence});
  auto const merged = c::merge(values, source);
  require(c::merge(merged, source) == merged, "merging again changes nothing");
  return 0;
}

}  // namespace jvmm::fuzz
