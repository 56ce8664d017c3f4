#include "inference/hashing_embedder.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "text/canonical.hpp"

namespace jvmm::inference {
namespace {

constexpr std::string_view k_revision = "1";  ///< raised with any change that shows in a vector
constexpr std::size_t k_min_dims = 8;
constexpr std::size_t k_max_dims = 16384;

/// FNV-1a, stirred: its low bits alone are not even enough for a modulus.
std::uint64_t hash(std::string_view word) {
  std::uint64_t out = 0xcbf29ce484222325ULL;
  for (char c : word)
    out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  out ^= out >> 33;
  out *= 0xff51afd7ed558ccdULL;
  return out ^ (out >> 33);
}

/// Words are what stands between blanks, ASCII in lower case.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out(1);
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    at += step.length;
    if (!text::is_space(step.value))
      utf8::append(out.back(), step.value >= U'A' && step.value <= U'Z' ? step.value + 32 : step.value);
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty() && out.size() > 1) out.pop_back();
  return out;
}

class HashingEmbedder final : public Embedder {
 public:
  explicit HashingEmbedder(std::size_t dims)
      : m_info{fmt::format("hashing:{}", dims), std::string(k_revision), dims, 0, Pooling::mean, true, {}} {}

  EmbedderInfo const& info() const override { return m_info; }

  std::vector<Result<Embedding>> embed(std::span<std::string_view const> texts) override {
    std::vector<Result<Embedding>> out;
    out.reserve(texts.size());
    for (auto text : texts)
      out.push_back(embed_one(text));
    return out;
  }

 private:
  /// Counts are integers, and a division and a square root of such are exact to the last bit by IEEE rules: hence the
  /// same result anywhere.
  Embedding embed_one(std::string_view text) const {
    std::vector<int> counts(m_info.dims);
    auto const found = words(text);
    for (auto const& word : found) {
      auto const h = hash(word);
      counts[(h >> 1) % m_info.dims] += h & 1 ? 1 : -1;
    }
    double squares = 0;
    for (int count : counts)
      squares += static_cast<double>(count) * count;
    if (squares == 0) {  // words that cancel each other out
      counts[0] = 1;
      squares = 1;
    }
    Embedding out{Vector(m_info.dims), found.size(), false};
    double const length = std::sqrt(squares);
    for (std::size_t d = 0; d < counts.size(); ++d)
      out.vector[d] = static_cast<float>(counts[d] / length);
    return out;
  }

  EmbedderInfo m_info;
};

}  // namespace

std::unique_ptr<Embedder> open_hashing_embedder(std::string_view dims) {
  std::size_t count = 0;
  auto const [end, code] = std::from_chars(dims.data(), dims.data() + dims.size(), count);
  if (code != std::errc{} || end != dims.data() + dims.size() || count < k_min_dims || count > k_max_dims)
    throw Error(Kind::usage, fmt::format("model 'hashing:{}': expected a number from {} to {} after the colon", dims,
                                         k_min_dims, k_max_dims));
  return std::make_unique<HashingEmbedder>(count);
}

}  // namespace jvmm::inference
