#include "commands/prototype_vectors.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace jvmm::commands {

classify::PrototypeVectors embed_prototypes(classify::Taxonomy const& taxonomy, inference::Embedder& embedder) {
  auto const texts = classify::prototype_texts(taxonomy);
  std::vector<std::string_view> const views(texts.begin(), texts.end());
  classify::PrototypeVectors out{embedder.info().model, embedder.info().dims, {}};
  auto results = embedder.embed(views);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i]) {
      auto error = results[i].error();
      throw std::move(error.context(fmt::format("while embedding the example '{}' of {}", texts[i], taxonomy.name)));
    }
    out.rows.insert(out.rows.end(), results[i]->vector.begin(), results[i]->vector.end());
  }
  embedder.release(views);
  return out;
}

classify::PrototypeVectors no_prototype_vectors(classify::Taxonomy const& taxonomy,
                                                inference::Embedder const& embedder) {
  return {embedder.info().model, 1, std::vector<float>(classify::prototype_texts(taxonomy).size(), 1)};
}

}  // namespace jvmm::commands
