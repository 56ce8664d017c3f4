#include "support/inference_stub_values.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/utf8.hpp"

namespace jvmm::testing {
namespace {

std::uint64_t mix(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// Hash of several texts, told apart by their lengths.
std::uint64_t hash_all(std::uint64_t seed, std::initializer_list<std::string_view> texts) {
  for (auto const text : texts)
    seed = stub_hash(text, mix(seed + text.size()));
  return seed;
}

/// A multiple of 1/64 within -4..4.
double logit(std::uint64_t hash) {
  return static_cast<double>(static_cast<std::int64_t>(hash % 513) - 256) / 64.0;
}

std::string with_label(std::string_view hypothesis_template, std::string_view label) {
  std::string out(hypothesis_template);
  auto const at = out.find("{}");
  return at == std::string::npos ? out : out.replace(at, 2, label);
}

bool is_word(char32_t c) {
  if (c < 0x80) return std::isalnum(static_cast<int>(c)) != 0;
  if (c == 0xD7 || c == 0xF7) return false;
  return (c >= 0xC0 && c < 0x250) || (c >= 0x300 && c < 0x530);
}

bool is_capital(char32_t c) {
  if (c < 0x80) return std::isupper(static_cast<int>(c)) != 0;
  if (c <= 0xDE) return c >= 0xC0 && c != 0xD7;
  if (c >= 0x100 && c < 0x138) return c % 2 == 0;
  return (c >= 0x391 && c <= 0x3A9) || (c >= 0x400 && c < 0x430);
}

/// All capitalised words.
std::vector<StubEntity> capitalised_words(std::string_view text) {
  std::vector<StubEntity> out;
  StubEntity word;
  bool inside = false;
  bool capital = false;
  std::size_t at = 0;
  std::size_t point = 0;
  auto const finish = [&] {
    word.end = at;
    word.end_point = point;
    word.word = std::string(text.substr(word.begin, at - word.begin));
    if (inside && capital) out.push_back(word);
    inside = false;
  };
  while (at < text.size()) {
    auto const here = utf8::decode(text, at);
    if (is_word(here.value) && here.valid) {
      if (!inside) word.begin = at, word.begin_point = point, capital = is_capital(here.value);
      inside = true;
    } else {
      finish();
    }
    at += here.length;
    ++point;
  }
  finish();
  return out;
}

void judge(StubEntity& entity) {
  static constexpr std::string_view k_types[] = {"PER", "ORG", "LOC", "MISC"};
  auto const hash = stub_hash(entity.word);
  entity.type = k_types[hash % 4];
  entity.score = static_cast<double>(896 + (hash >> 8) % 128) / 1024.0;
}

}  // namespace

std::uint64_t stub_hash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (char const byte : bytes)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  return mix(hash);
}

std::size_t stub_vector_index(std::string_view model, std::string_view text) {
  return hash_all(1, {model, text}) % k_stub_vectors;
}

std::vector<float> stub_pool_vector(std::size_t index, std::size_t dims) {
  std::vector<double> raw(dims);
  double squares = 0;
  for (std::size_t i = 0; i < dims; ++i) {  // halves of 2^20 steps: nothing that another libm rounds differently
    auto const bits = mix((std::uint64_t{index} << 32) + i);
    raw[i] = (static_cast<double>(bits >> 44) - 524288.0 + 0.5) / 524288.0;
    squares += raw[i] * raw[i];
  }
  auto const norm = std::sqrt(squares);
  std::vector<float> out(dims);
  std::transform(raw.begin(), raw.end(), out.begin(), [&](double x) { return static_cast<float>(x / norm); });
  return out;
}

std::vector<float> stub_vector(std::string_view model, std::string_view text, std::size_t dims) {
  return stub_pool_vector(stub_vector_index(model, text), dims);
}

std::vector<std::vector<float>> stub_token_vectors(std::string_view model, std::string_view text, std::size_t dims) {
  auto const first = stub_vector_index(model, text);
  std::vector<std::vector<float>> out;
  for (std::size_t token = 0; token < 3 + stub_tokens(text) % 4; ++token)
    out.push_back(stub_pool_vector((first + token) % k_stub_vectors, dims));
  return out;
}

std::uint64_t stub_tokens(std::string_view text) {
  return (text.size() + 3) / 4 + 2;
}

StubLogits stub_logits(std::string_view model, std::string_view premise, std::string_view hypothesis) {
  auto const hash = hash_all(2, {model, premise, hypothesis});
  return {logit(mix(hash)), logit(mix(hash + 1)), logit(mix(hash + 2))};
}

double stub_class_logit(std::string_view model, std::string_view premise, std::string_view hypothesis,
                        std::string_view class_name) {
  std::string lower(class_name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  auto const logits = stub_logits(model, premise, hypothesis);
  if (lower.starts_with("entail")) return logits.entailment;
  if (lower == "contradiction" || lower == "not_entailment") return logits.contradiction;
  if (lower == "neutral") return logits.neutral;
  return logit(hash_all(3, {model, premise, hypothesis, class_name}));
}

std::vector<double> stub_zero_shot(std::string_view model, std::string_view text,
                                   std::vector<std::string> const& labels, std::string_view hypothesis_template,
                                   bool multi_label) {
  std::vector<StubLogits> logits;
  for (auto const& label : labels)
    logits.push_back(stub_logits(model, text, with_label(hypothesis_template, label)));
  std::vector<double> out;
  if (multi_label || labels.size() == 1) {
    for (auto const& pair : logits)
      out.push_back(1 / (1 + std::exp(pair.contradiction - pair.entailment)));
    return out;
  }
  double most = -8;
  for (auto const& pair : logits)
    most = std::max(most, pair.entailment);
  double sum = 0;
  for (auto const& pair : logits)
    sum += out.emplace_back(std::exp(pair.entailment - most));
  for (auto& score : out)
    score /= sum;
  return out;
}

std::vector<StubEntity> stub_entities(std::string_view text) {
  std::vector<StubEntity> out;
  for (auto& word : capitalised_words(text)) {
    if (!out.empty() && out.back().end + 1 == word.begin && text[out.back().end] == ' ') {
      auto& run = out.back();
      run.end = word.end;
      run.end_point = word.end_point;
      run.word = std::string(text.substr(run.begin, run.end - run.begin));
    } else {
      out.push_back(word);
    }
    out.back().words.push_back(word);
  }
  for (auto& run : out) {
    judge(run);
    for (auto& word : run.words)
      word.type = run.type, word.score = run.score;
  }
  return out;
}

std::string stub_summary(std::string_view text, std::size_t max_words) {
  std::string out;
  std::size_t words = 0;
  for (std::size_t at = 0; at < text.size() && words < max_words; ++words) {
    auto const begin = text.find_first_not_of(" \t\r\n", at);
    if (begin == std::string_view::npos) break;
    auto const end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    if (words > 0) out += ' ';
    out += text.substr(begin, end - begin);
    at = end;
  }
  return out;
}

}  // namespace jvmm::testing
