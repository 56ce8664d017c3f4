#include "json/schema.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/error.hpp"

namespace jvmm::json {
namespace {

// valijson names a place as ["<root>", "[factors]", "[0]"].
std::string pointer(std::vector<std::string> const& context) {
  std::string path;
  for (auto const& step : context)
    if (step != "<root>") path += "/" + step.substr(1, step.size() - 2);
  return path;
}

}  // namespace

struct Schema::State {
  valijson::Schema schema;
};

Schema::Schema(std::string_view text) : m_state(std::make_unique<State>()) {
  try {
    auto const document = nlohmann::json::parse(text);
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), m_state->schema);
  } catch (std::exception const& failure) {
    throw Error(Kind::internal, std::string("a schema cannot be read: ") + failure.what());
  }
}

Schema::~Schema() = default;

std::vector<Violation> Schema::check(std::string_view document) const {
  auto const parsed = nlohmann::json::parse(document, nullptr, false);
  if (parsed.is_discarded()) throw Error(Kind::bad_input, "not a JSON document");
  valijson::Validator validator;
  valijson::ValidationResults results;
  std::vector<Violation> violations;
  if (validator.validate(m_state->schema, valijson::adapters::NlohmannJsonAdapter(parsed), &results)) return violations;
  valijson::ValidationResults::Error found;
  while (results.popError(found))
    violations.push_back({pointer(found.context), found.description});
  return violations;
}

}  // namespace jvmm::json
