#include "classify/keyword_mapping.hpp"

#include <algorithm>

#include "classify/documents.hpp"
#include "json/parse.hpp"
#include "text/casing.hpp"

namespace jvmm::classify {
namespace {

KeywordMapping read_mapping() {
  constexpr auto k_source = "keyword-11.json";
  auto const document = json::parse(keyword_mapping_json(), k_source);
  json::Ref const root(document, k_source);
  KeywordMapping mapping;
  mapping.name = root["name"].string();
  for (auto const& item : root["categories"].items()) {
    KeywordCategory category;
    category.name = item["category"].string();
    for (auto const& keyword : item["keywords"].items())
      category.keywords.push_back(keyword.string());
    for (auto const& label : item["labels"].items())
      category.labels.push_back(label.string());
    mapping.categories.push_back(std::move(category));
  }
  return mapping;
}

}  // namespace

KeywordMapping const& shipped_keyword_mapping() {
  static auto const mapping = read_mapping();
  return mapping;
}

KeywordCategory const* keyword_category(KeywordMapping const& mapping, Input const& input) {
  if (!input.niche) return nullptr;
  auto const text = text::lower(*input.niche);
  auto const found = [&](std::string const& keyword) { return text.find(keyword) != std::string::npos; };
  for (auto const& category : mapping.categories)
    if (std::ranges::any_of(category.keywords, found)) return &category;
  return nullptr;
}

}  // namespace jvmm::classify
