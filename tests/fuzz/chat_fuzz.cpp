#include "inference/dialect/chat.hpp"

#include "fuzz/fuzz.hpp"
#include "json/schema.hpp"

namespace jvmm::fuzz {
namespace {

constexpr char const* k_schema =
    R"({"type":"object","required":["media"],"properties":{"media":{"type":"array","items":{"type":"string"}}}})";

bool is_object(std::string_view text) {
  return json::parse(text).type() == json::Type::object;
}

}  // namespace

int chat(std::uint8_t const* data, std::size_t size) {
  static json::Schema const schema(k_schema);
  auto input = split(data, size);
  input.texts.resize(1);
  bool const free = input.variant % 2 == 1;
  inference::ChatParameters parameters;
  if (!free) parameters.json_schema = k_schema;
  auto const dialect = make_chat_dialect(inference::ServiceKind::openai, "model", parameters,
                                         static_cast<inference::Structured>(input.variant / 2 % 3));
  require_sound_request(*dialect, input.body);
  read_answers(*dialect, input, [&](std::size_t, std::string const& bytes) {
    require(!bytes.empty(), "replies are not empty");
    require(free || (is_object(bytes) && schema.check(bytes).empty()), "replies fit the schema");
  });
  if (auto const found = inference::json_in(input.body)) require(is_object(*found), "json_in finds objects");
  return 0;
}

}  // namespace jvmm::fuzz
