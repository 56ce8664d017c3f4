#include "inference/dialect/ner.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "inference/dialect/entities.hpp"
#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

constexpr std::size_t k_stride_tokens =
    64;  ///< windows of a long text overlap by this; without it, its rest is ignored
constexpr std::string_view k_expected = "entities";

class NerDialect final : public Dialect {
 public:
  NerDialect(ServiceKind kind, std::string model) : m_kind(kind), m_model(std::move(model)) {}

  Task task() const override { return Task::ner; }

  std::string path() const override { return m_kind == ServiceKind::hf ? wire::hf_model_path(m_model) : ""; }

  std::string body(std::span<std::string_view const> items) const override {
    json::Writer out;
    out.begin_object();
    wire::write_inputs(out, items);
    out.key("parameters").begin_object().member("aggregation_strategy", "first");
    out.member("stride", k_stride_tokens).end_object().end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    auto const root = wire::tree_of(body);
    auto const* array = root.get_if<Array>();
    if (!array) wire::throw_other_shape(body, k_expected);
    // A single text's entities may come without a list around them.
    bool const flat = items.size() == 1 && (array->empty() || array->front().get_if<json::Object>());
    if (!flat && !array->empty() && array->front().get_if<json::Object>())
      wire::throw_other_shape(body, "a list a text");
    wire::require_count(flat ? 1 : array->size(), items.size());
    Reading out;
    out.answers = wire::each(items.size(), [&](std::size_t i) {
      return Answer{pack_entities(read_entities(items[i], flat ? root : (*array)[i]))};
    });
    return out;
  }

  std::string parameters_key() const override {
    return fmt::format(R"({{"codec":"ner/1","aggregation":"first","stride":{}}})", k_stride_tokens);
  }

 private:
  ServiceKind m_kind;
  std::string m_model;
};

Entity unpack_entity(Value const& packed, std::size_t text_bytes) {
  auto const* fields = packed.get_if<Array>();
  if (!fields || fields->size() != 4) throw wire::bad_answer("a stored entity without its four fields");
  auto const* type = wire::string(&(*fields)[0]);
  auto const begin = wire::whole(&(*fields)[1]), end = wire::whole(&(*fields)[2]);
  if (!type || type->empty() || !begin || !end || *begin >= *end || *end > text_bytes)
    throw wire::bad_answer(fmt::format("a stored entity that is not within {} bytes", text_bytes));
  return {*type, *begin, *end, wire::probability(&(*fields)[3], "a stored score")};
}

}  // namespace

std::unique_ptr<Dialect> make_ner_dialect(ServiceKind kind, std::string model) {
  if (kind != ServiceKind::hf && kind != ServiceKind::toolkit) throw wire::unsupported(kind, Task::ner);
  return std::make_unique<NerDialect>(kind, std::move(model));
}

std::string pack_entities(std::span<Entity const> entities) {
  json::Writer out;
  out.begin_array();
  for (auto const& [type, begin, end, score] : entities)
    out.begin_array().value(type).value(begin).value(end).value(score).end_array();
  out.end_array();
  return std::move(out).take();
}

std::vector<Entity> unpack_entities(std::string_view bytes, std::size_t text_bytes) {
  auto const root = wire::tree_of(bytes);
  auto const* array = root.get_if<Array>();
  if (!array) throw wire::bad_answer("stored entities that are no array");
  std::vector<Entity> out;
  for (auto const& packed : *array)
    out.push_back(unpack_entity(packed, text_bytes));
  return out;
}

}  // namespace jvmm::inference
