#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace jvmm {

/// The texts of a profile that are embedded, in the order in which SQL and files name them.
enum class EmbeddingField : std::size_t { seeking, offering, who_you_serve, what_you_do };

inline constexpr std::array k_embedding_fields{EmbeddingField::seeking, EmbeddingField::offering,
                                               EmbeddingField::who_you_serve, EmbeddingField::what_you_do};

/// A value for each field; index with `index(field)`.
template <class T>
using PerField = std::array<T, k_embedding_fields.size()>;

constexpr std::size_t index(EmbeddingField field) {
  return static_cast<std::size_t>(field);
}

/// The column of the text, such as "who_you_serve"; its vector is in "embedding_who_you_serve".
std::string_view name(EmbeddingField field);
std::optional<EmbeddingField> parse_embedding_field(std::string_view text);

/// What provenance calls this generation of preprocessing. Rises when the text that a model sees changes.
inline constexpr int k_pipeline_version = 2;

}  // namespace jvmm
