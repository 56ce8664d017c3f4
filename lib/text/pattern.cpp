#include "text/pattern.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/error.hpp"

namespace jvmm::text {
namespace {

RE2::Options options() {
  RE2::Options out;
  out.set_encoding(RE2::Options::EncodingLatin1);
  out.set_log_errors(false);
  out.set_max_mem(std::int64_t{32} << 20);
  return out;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct Pattern::State {
  explicit State(std::string_view pattern) : compiled(piece(pattern), options()) {}
  RE2 compiled;
};

Pattern::Pattern(std::string_view pattern, std::string_view name) : m_state(std::make_unique<State>(pattern)) {
  if (!m_state->compiled.ok())
    throw Error(Kind::bad_input, fmt::format("pattern {}: {}", name, m_state->compiled.error()))
        .hint("patterns are RE2's: no look-around, no back-references");
}

Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

std::optional<Pattern::Match> Pattern::find(std::string_view text, std::size_t from) const {
  if (from > text.size()) return std::nullopt;
  re2::StringPiece found;
  if (!m_state->compiled.Match(piece(text), from, text.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
  auto const start = static_cast<std::size_t>(found.data() - text.data());
  return Match{start, start + found.size()};
}

bool Pattern::occurs(std::string_view text) const {
  return m_state->compiled.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool Pattern::fits(std::string_view text) const {
  return m_state->compiled.Match(piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
}

}  // namespace jvmm::text
