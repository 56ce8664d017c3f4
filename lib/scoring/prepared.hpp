#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace jvmm::scoring {

/// Sum of score × weight and of 10 × weight over factors; the mean is their quotient × 10. Kept as the reference keeps
/// it, because the order of operations decides the last bit.
struct WeightedSum {
  double total = 0, possible = 0;

  void add(double score, double weight) {
    total += score * weight;
    possible += 10 * weight;
  }
  std::optional<double> mean() const { return possible > 0 ? std::optional(total / possible * 10) : std::nullopt; }
};

/// A vector with its norm, so that a cosine is one product. `data` empty: absent.
struct Direction {
  std::vector<float> data;
  double norm = 0;

  explicit operator bool() const { return !data.empty(); }
};

/// What one profile brings to all its pairs under one scoring profile and context: computed once. Made by
/// Scorer::prepare.
struct Prepared {
  ProfileId id;
  bool named = false;  ///< has a name that is not blank

  // As a target: dimension scores 0..10, rounded; absent where nothing fired.
  std::optional<double> intent, momentum, context;
  WeightedSum context_sum;                                   ///< without content style, which depends on the source too
  double log_intent = 0, log_momentum = 0, log_context = 0;  ///< of max(score, epsilon)

  // For synergy.
  Direction seeking, offering, audience;  ///< offering: or what_you_do, as the scoring profile says
  std::vector<std::uint32_t> seeking_tokens, offering_tokens, audience_tokens;  ///< ascending
  std::uint16_t role = 0;                                                       ///< 0: none, or not mapped
  std::uint16_t tier = 0;                                                       ///< 0: unknown; 1: unranked
  std::uint16_t size = 0;                                                       ///< 0: unknown
  std::uint16_t platforms = 0;                                                  ///< bit mask
  std::uint16_t style = 0;                                                      ///< 0: unknown or unsure
  std::uint32_t persona = 0;                                                    ///< 0: unknown
  std::uint64_t offer_types = 0;            ///< bit mask of those sure enough that rules name
  std::vector<std::uint32_t> other_offers;  ///< codes of the others, ascending
  bool lists_offers = false;                ///< offer_types has an element, sure or not
  bool list_owner = false;
  std::optional<double> network;  ///< composite 0..10

  std::size_t gate_fields = 0;  ///< fields of the pair gate that are filled
  double lightweight_intent = 0, lightweight_context = 0;
};

}  // namespace jvmm::scoring
