#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "personas/fit.hpp"

namespace jvmm::personas {

/// Vectors by the words of a text alone, so that texts with words in common are alike; 64 dimensions.
inline std::vector<float> word_vectors(std::span<std::string const> texts) {
  constexpr std::size_t k_dims = 64;
  std::vector<float> out(texts.size() * k_dims, 0.0F);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::size_t begin = 0;
    while (begin < texts[i].size()) {
      auto const end = std::min(texts[i].find(' ', begin), texts[i].size());
      std::mt19937 numbers(static_cast<unsigned>(std::hash<std::string>{}(texts[i].substr(begin, end - begin))));
      for (std::size_t c = 0; c < k_dims; ++c)
        out[i * k_dims + c] += static_cast<float>(numbers() % 2001) / 1000.0F - 1;
      begin = end + 1;
    }
  }
  return out;
}

/// `per_group` rows for each of `groups` audiences; each names two of its audience's six phrases, which share no word.
inline std::vector<AudienceText> planted_rows(std::size_t groups, std::size_t per_group, unsigned seed) {
  static constexpr char const* k_words[] = {"alpha", "bravo", "carol", "delta", "ember", "fjord"};
  std::mt19937 random(seed);
  std::vector<AudienceText> rows;
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t i = 0; i < per_group; ++i) {
      auto const phrase = [&](std::size_t which) {
        return std::string(k_words[which]) + "q" + std::string(1, static_cast<char>('a' + g % 26)) +
               std::string(1, static_cast<char>('a' + g / 26));
      };
      auto const first = random() % 6, second = (first + 1 + random() % 5) % 6;
      AudienceText row;
      row.id = "row-" + std::to_string(g) + "-" + std::to_string(i);
      row.who_you_serve = "We work with " + phrase(first) + "; " + phrase(second);
      rows.push_back(std::move(row));
    }
  return rows;
}

inline std::size_t group_of(AudienceText const& row) {
  return std::stoul(row.id.substr(4));
}

inline FitInput planted_input(std::vector<AudienceText> const& rows) {
  return {rows, {}, {}, "words", word_vectors};
}

}  // namespace jvmm::personas
