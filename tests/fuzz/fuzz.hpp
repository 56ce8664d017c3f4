#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "inference/dialect/dialect.hpp"
#include "json/parse.hpp"

namespace jvmm::fuzz {

// One function per target: anything may be given, and whatever must hold is required. Always 0.
int chat(std::uint8_t const* data, std::size_t size);
int credentials(std::uint8_t const* data, std::size_t size);
int embedding(std::uint8_t const* data, std::size_t size);
int entailment(std::uint8_t const* data, std::size_t size);
int lazy_json(std::uint8_t const* data, std::size_t size);
int ner(std::uint8_t const* data, std::size_t size);
int service_error(std::uint8_t const* data, std::size_t size);
int service_info(std::uint8_t const* data, std::size_t size);
int summary(std::uint8_t const* data, std::size_t size);
int zero_shot(std::uint8_t const* data, std::size_t size);

/// Ends the process unless it holds.
inline void require(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: violated: %s\n", what);
  std::abort();
}

/// What a service answers to texts. The first byte says how many ('0' one, to '3' four), the second how it is read.
struct Input {
  std::vector<std::string_view> texts;
  unsigned variant = 0;
  std::string_view body;
};

inline Input split(std::uint8_t const* data, std::size_t size) {
  static constexpr std::string_view k_texts[] = {"Zoë met Åse 🙂 in São Paulo", "Wolfgang of Berlin, Bern",
                                                 "\xff\xe2\x82 of e\u0301", ""};
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  if (size < 2) return {{k_texts[0]}, 0, {}};
  std::span<std::string_view const> const texts(k_texts, 1 + data[0] % 4U);
  return {{texts.begin(), texts.end()}, data[1], all.substr(2)};
}

/// What `read` gives, or nothing where it throws bad_answer. Anything else it throws ends the process.
template <class Read>
auto or_bad_answer(Read const& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (Error const& e) {
    require(e.kind() == Kind::bad_answer, e.what());
    return {};
  }
}

/// Asks for the answer and hands each text's to `check`, having seen to it that there is one a text, or bad_answer.
template <class Check>
void read_answers(inference::Dialect const& dialect, Input const& input, Check const& check) {
  auto const reading = or_bad_answer([&] { return dialect.read(input.texts, input.body); });
  if (!reading) return;
  require(reading->answers.size() == input.texts.size(), "one answer a text");
  for (std::size_t i = 0; i < reading->answers.size(); ++i) {
    auto const& answer = reading->answers[i];
    if (answer)
      check(i, answer->bytes);
    else
      require(answer.error().kind() == Kind::bad_answer, answer.error().what());
  }
}

/// Whatever the text, the request is JSON.
inline void require_sound_request(inference::Dialect const& dialect, std::string_view text) {
  std::string_view const items[] = {text};
  (void)json::parse(dialect.body(items), "request");
}

}  // namespace jvmm::fuzz
