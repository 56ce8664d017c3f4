#include "personas/model.hpp"

#include <algorithm>
#include <array>

namespace jvmm::personas {
namespace {

constexpr std::array<std::string_view, 5> k_methods{"automatic", "phrase-graph", "shared-neighbours", "kmeans",
                                                    "hdbscan"};
constexpr std::array<std::string_view, 3> k_bases{"none", "phrases", "vector"};

}  // namespace

std::string_view name(Method method) {
  return k_methods.at(static_cast<std::size_t>(method));
}

std::optional<Method> parse_method(std::string_view text) {
  auto const found = std::ranges::find(k_methods, text);
  if (found == k_methods.end()) return std::nullopt;
  return static_cast<Method>(found - k_methods.begin());
}

std::string_view name(Basis basis) {
  return k_bases.at(static_cast<std::size_t>(basis));
}

std::optional<std::size_t> Model::find(std::string_view key) const {
  auto const found = std::ranges::find(personas, key, &Persona::key);
  if (found == personas.end()) return std::nullopt;
  return static_cast<std::size_t>(found - personas.begin());
}

}  // namespace jvmm::personas
