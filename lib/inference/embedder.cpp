#include "inference/embedder.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "inference/hashing_embedder.hpp"
#include "inference/model_registry.hpp"
#include "inference/onnx_embedder.hpp"
#include "json/writer.hpp"

namespace jvmm::inference {
namespace {

constexpr std::string_view k_hashing = "hashing:";

Error not_installed(EmbedderOptions const& options) {
  std::vector<std::string> places;
  for (auto const& dir : options.models_dirs)
    places.push_back(dir.string());
  auto error = Error(Kind::configuration,
                     fmt::format("model {} is not installed (looked in {})", options.model, fmt::join(places, ", ")));
  if (find_known_model(options.model))
    return std::move(error).hint(fmt::format("run 'jvmm models pull {}' or scripts/setup", options.model));
  return std::move(error).hint("'jvmm models list' shows known models; any other goes by the path of its folder");
}

}  // namespace

std::string EmbedderInfo::fingerprint() const {
  json::Writer quoted;
  quoted.value(prefix);
  return fmt::format("{}@{};dims={};window={};pooling={};normalise={};prefix={}", model, revision, dims, window_tokens,
                     name(pooling), normalise, quoted.text());
}

std::unique_ptr<Embedder> open_embedder(EmbedderOptions const& options) {
  if (options.model.starts_with(k_hashing))
    return open_hashing_embedder(std::string_view(options.model).substr(k_hashing.size()));
  auto const folder = find_model_folder(options.model, options.models_dirs);
  if (!folder) throw not_installed(options);
  auto const* known = find_known_model(options.model);
  return open_onnx_embedder(*folder, known ? known->name : folder->filename().string(), options);
}

}  // namespace jvmm::inference
