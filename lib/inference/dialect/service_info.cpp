#include "inference/dialect/service_info.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::size_t k_max_models = 10'000;

std::string text_or_empty(Value const* value) {
  auto const* text = wire::string(value);
  return text ? *text : std::string();
}

std::size_t count_or_zero(Value const* value) {
  return wire::whole(value).value_or(0);
}

/// The values of id2label, by the number that their names are.
std::vector<std::string> classes_of(Value const& type) {
  auto const* labels = type.find("id2label");
  auto const* members = labels ? labels->get_if<Object>() : nullptr;
  if (!members || members->empty()) throw wire::bad_answer("a classifier without id2label");
  std::map<std::size_t, std::string> by_id;
  for (auto const& [name, value] : *members) {
    std::size_t id = 0;
    auto const [end, problem] = std::from_chars(name.data(), name.data() + name.size(), id);
    auto const* label = wire::string(&value);
    if (problem != std::errc() || end != name.data() + name.size() || !label || !by_id.emplace(id, *label).second)
      throw wire::bad_answer(fmt::format("id2label: expected a number and a name, found member '{}'", name));
  }
  std::vector<std::string> out;
  for (auto& [id, label] : by_id)
    out.push_back(std::move(label));
  return out;
}

void read_type(Value const& type, TeiInfo& out) {
  if (auto const* embedding = type.find("embedding")) {
    out.type = TeiInfo::Type::embedding;
    out.pooling = text_or_empty(embedding->find("pooling"));
  } else if (auto const* classifier = type.find("classifier")) {
    out.type = TeiInfo::Type::classifier;
    out.classes = classes_of(*classifier);
  } else if (auto const* reranker = type.find("reranker")) {
    out.type = TeiInfo::Type::reranker;
    out.classes = classes_of(*reranker);
  } else {
    throw wire::bad_answer("a model_type that is neither embedding, classifier nor reranker");
  }
}

std::optional<std::size_t> window_of(Value const& listed) {
  auto window = wire::whole(listed.find("max_model_len"));
  if (auto const* meta = listed.find("meta"); meta && !window) window = wire::whole(meta->find("n_ctx"));
  if (window == 0U) window.reset();
  return window;
}

std::vector<std::string> aliases_of(Value const& listed) {
  std::vector<std::string> out;
  auto const* aliases = listed.find("aliases");
  if (auto const* array = aliases ? aliases->get_if<Array>() : nullptr)
    for (auto const& alias : *array)
      if (auto const* text = wire::string(&alias)) out.push_back(*text);
  return out;
}

/// The hub's entry for hf-inference: a member of an object, or an element that names its provider.
Value const* hf_inference(Value const* mapping) {
  if (!mapping) return nullptr;
  if (auto const* array = mapping->get_if<Array>()) {
    for (auto const& element : *array)
      if (text_or_empty(element.find("provider")) == "hf-inference") return &element;
    return nullptr;
  }
  return mapping->find("hf-inference");
}

}  // namespace

TeiInfo read_tei_info(std::string_view body) {
  auto const root = wire::tree_of(body);
  auto const* type = root.find("model_type");
  if (!type || !type->get_if<Object>()) wire::throw_other_shape(body, "an object with model_type");
  TeiInfo out;
  read_type(*type, out);
  out.model_id = text_or_empty(root.find("model_id"));
  out.model_sha = text_or_empty(root.find("model_sha"));
  out.version = text_or_empty(root.find("version"));
  out.max_input_tokens = count_or_zero(root.find("max_input_length"));
  out.max_batch_tokens = count_or_zero(root.find("max_batch_tokens"));
  out.max_client_batch = count_or_zero(root.find("max_client_batch_size"));
  out.max_concurrent = count_or_zero(root.find("max_concurrent_requests"));
  auto const* truncate = root.find("auto_truncate");
  if (auto const* flag = truncate ? truncate->get_if<bool>() : nullptr) out.auto_truncate = *flag;
  return out;
}

std::vector<ListedServiceModel> read_model_list(std::string_view body) {
  auto const root = wire::tree_of(body);
  auto const* data = root.find("data");
  auto const* array = data ? data->get_if<Array>() : nullptr;
  if (!array) wire::throw_other_shape(body, "an object with data");
  if (array->size() > k_max_models) throw wire::bad_answer(fmt::format("a list of {} models", array->size()));
  std::vector<ListedServiceModel> out;
  for (auto const& element : *array) {
    auto const id = text_or_empty(element.find("id"));
    if (id.empty()) throw wire::bad_answer("a model without an id");
    out.push_back({id, window_of(element), aliases_of(element)});
  }
  return out;
}

HubModel read_hub_model(std::string_view body) {
  auto const root = wire::tree_of(body);
  auto const id = text_or_empty(root.find("id"));
  if (id.empty()) wire::throw_other_shape(body, "a model with an id");
  HubModel out{id, text_or_empty(root.find("sha")), text_or_empty(root.find("pipeline_tag")), false, {}};
  out.warm = text_or_empty(root.find("inference")) == "warm";
  if (auto const* entry = hf_inference(root.find("inferenceProviderMapping")))
    out.status = text_or_empty(entry->find("status"));
  return out;
}

}  // namespace jvmm::inference
