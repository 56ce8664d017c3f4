#include "inference/dialect/service_info.hpp"

#include "fuzz/fuzz.hpp"
#include "inference/dialect/entailment.hpp"

namespace jvmm::fuzz {
namespace {

void require_classes_or_configuration(std::vector<std::string> const& classes) {
  try {
    inference::require_entailment_classes(classes);
  } catch (Error const& e) {
    require(e.kind() == Kind::configuration, e.what());
  }
}

}  // namespace

int service_info(std::uint8_t const* data, std::size_t size) {
  std::string_view const body(reinterpret_cast<char const*>(data), size);
  if (auto const info = or_bad_answer([&] { return inference::read_tei_info(body); })) {
    bool const embeds = info->type == inference::TeiInfo::Type::embedding;
    require(embeds == info->classes.empty(), "classes of classifiers and rerankers only");
    require_classes_or_configuration(info->classes);
  }
  if (auto const models = or_bad_answer([&] { return inference::read_model_list(body); }))
    for (auto const& model : *models)
      require(!model.id.empty() && model.window_tokens != 0U, "models have an id, and a window if any");
  if (auto const model = or_bad_answer([&] { return inference::read_hub_model(body); }))
    require(!model->id.empty(), "a model has an id");
  return 0;
}

}  // namespace jvmm::fuzz
