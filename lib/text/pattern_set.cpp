#include "text/pattern_set.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include "base/error.hpp"

namespace jvmm::text {
namespace {

RE2::Options options() {
  RE2::Options out;
  out.set_encoding(RE2::Options::EncodingLatin1);
  out.set_log_errors(false);
  // What the set has seen of texts is kept in it; with less, it would forget and begin anew.
  out.set_max_mem(std::int64_t{128} << 20);
  return out;
}

}  // namespace

struct PatternSet::State {
  State() : compiled(options(), RE2::UNANCHORED) {}
  RE2::Set compiled;
  std::size_t size = 0;
};

PatternSet::PatternSet(std::vector<std::string> const& patterns, std::string_view name) {
  auto state = std::make_unique<State>();
  for (auto const& pattern : patterns) {
    std::string error;
    if (state->compiled.Add({pattern.data(), pattern.size()}, &error) < 0)
      throw Error(Kind::bad_input, fmt::format("patterns {}: {}", name, error))
          .hint("patterns are RE2's: no look-around, no back-references");
  }
  state->size = patterns.size();
  if (!state->compiled.Compile())
    throw Error(Kind::bad_input, fmt::format("patterns {}: together they are too large", name));
  m_state = std::move(state);
}

PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

std::size_t PatternSet::size() const {
  return m_state->size;
}

std::vector<bool> PatternSet::occurring(std::string_view text) const {
  if (m_state->size == 0) return {};
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (!m_state->compiled.Match({text.data(), text.size()}, &found, &error) && error.kind != RE2::Set::kNoError)
    return std::vector<bool>(m_state->size, true);
  std::vector<bool> out(m_state->size);
  for (auto const index : found)
    out[static_cast<std::size_t>(index)] = true;
  return out;
}

}  // namespace jvmm::text
