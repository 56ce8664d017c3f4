#include "domain/embedding_field.hpp"

namespace jvmm {

std::string_view name(EmbeddingField field) {
  switch (field) {
    case EmbeddingField::seeking:
      return "seeking";
    case EmbeddingField::offering:
      return "offering";
    case EmbeddingField::who_you_serve:
      return "who_you_serve";
    case EmbeddingField::what_you_do:
      return "what_you_do";
  }
  return "unknown";
}

std::optional<EmbeddingField> parse_embedding_field(std::string_view text) {
  for (EmbeddingField field : k_embedding_fields)
    if (text == name(field)) return field;
  return std::nullopt;
}

}  // namespace jvmm
