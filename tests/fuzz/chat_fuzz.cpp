#include "inference/dialect/chat.hpp"

#include "fuzz/fuzz.hpp"
#include "json/schema.hpp"

namespace jvmm::fuzz {
namespace {

constexpr char const* k_schema =
    R"({"type":"object","required":["media"],"properties":{"media":{"type":"array","items":{"type":"string"}}}})";

/// The dialects of all variants: with a schema or free, in each way of asking. A schema takes long to read.
inference::Dialect const& dialect_of(unsigned variant) {
  static auto const all = [] {
    std::vector<std::unique_ptr<inference::Dialect>> out;
    for (unsigned i = 0; i < 6; ++i) {
      inference::ChatParameters parameters;
      if (i % 2 == 0) parameters.json_schema = k_schema;
      out.push_back(make_chat_dialect(inference::ServiceKind::openai, "model", parameters,
                                      static_cast<inference::Structured>(i / 2)));
    }
    return out;
  }();
  return *all[variant % all.size()];
}

bool is_object(std::string_view text) {
  return json::parse(text).type() == json::Type::object;
}

}  // namespace

int chat(std::uint8_t const* data, std::size_t size) {
  static json::Schema const schema(k_schema);
  auto input = split(data, size);
  input.texts.resize(1);
  bool const free = input.variant % 2 == 1;
  auto const& dialect = dialect_of(input.variant);
  require_sound_request(dialect, input.body);
  read_answers(dialect, input, [&](std::size_t, std::string const& bytes) {
    require(!bytes.empty(), "replies are not empty");
    require(free || (is_object(bytes) && schema.check(bytes).empty()), "replies fit the schema");
  });
  if (auto const found = inference::json_in(input.body)) require(is_object(*found), "json_in finds objects");
  return 0;
}

}  // namespace jvmm::fuzz
