#include "classify/label_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::classify {
namespace {

constexpr std::array<std::string_view, 6> k_none{"unknown", "none", "n/a", "null", "other", "no label"};
constexpr std::size_t k_most_shown = 60;  // code points of a wrong label in a message

bool says_none(std::string_view text, LabelNames const& names) {
  auto const lower = text::lower(text::strip(text));
  return std::find(k_none.begin(), k_none.end(), lower) != k_none.end() && !names.find(lower);
}

std::string unknown_label(std::string_view text, LabelNames const& names) {
  auto const suggestion = names.suggestion(text);
  return fmt::format("'{}' is no label of the taxonomy{}", text::first_code_points(text, k_most_shown),
                     suggestion.empty() ? std::string() : fmt::format(" (is '{}' meant?)", suggestion));
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    auto const end = text.find_first_of(separators);
    if (auto const part = text::strip(text.substr(0, end)); !part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Labels in a text with commas, each as long as possible; empty where some of it is no label.
std::vector<std::string> between_commas(std::string_view text, LabelNames const& names) {
  std::vector<std::string> keys;
  while (!(text = text::strip(text)).empty()) {
    auto end = text.size();
    auto key = names.find(text);
    while (!key) {
      end = text.rfind(',', end - 1);
      if (end == std::string_view::npos || end == 0) return {};
      key = names.find(text.substr(0, end));
    }
    keys.push_back(*key);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return keys;
}

struct Part {
  std::string label;
  bool foreign = false;
};

std::vector<Part> parted(std::string_view text, LabelNames const& names) {
  std::vector<Part> out;
  for (auto const part : split(text, ";|\r\n")) {
    if (says_none(part, names)) continue;
    auto const keys = between_commas(part, names);
    for (auto const& key : keys)
      out.push_back({key});
    if (keys.empty()) out.push_back({std::string(part), true});
  }
  return out;
}

std::string_view without_fence(std::string_view text) {
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return text;
  text = text.substr(3, text.size() - 6);
  auto const first = text.find_first_of("[{\n\"");
  return first == std::string_view::npos ? text : text::strip(text.substr(first));
}

class JsonLabels {
 public:
  JsonLabels(LabelNames const& names, Foreign foreign) : m_names(names), m_foreign(foreign) {}

  GivenLabels read(json::Ref const& value) {
    switch (value.value().type()) {
      case json::Type::null:
        return {};
      case json::Type::string:
        if (text::strip(value.string()).empty()) return {};
        add(value, std::nullopt);
        break;
      case json::Type::array:
        for (auto const& item : value.items())
          add_item(item);
        break;
      case json::Type::object:
        if (value.members().empty()) return {};
        add_object(value);
        break;
      default:
        throw value.unexpected("a label, a list of labels, or an object with \"primary\"");
    }
    return {true, std::move(m_labels)};
  }

 private:
  static std::optional<double> confidence_of(json::Ref const& object) {
    auto const given = object.find("confidence");
    if (!given) return std::nullopt;
    double const confidence = given->number();
    if (!(confidence >= 0 && confidence <= 1))
      throw given->error(fmt::format("a confidence of {} is outside 0..1", confidence));
    return confidence;
  }

  void add(json::Ref const& text, std::optional<double> confidence) {
    auto const& label = text.string();
    if (text::strip(label).empty() || says_none(label, m_names)) return;
    auto key = m_names.find(label);
    if (!key && m_foreign == Foreign::refuse) throw text.error(unknown_label(label, m_names));
    m_labels.push_back({key.value_or(label), confidence});
  }

  void add_item(json::Ref const& item) {
    if (item.value().type() != json::Type::object) return add(item, std::nullopt);
    for (auto const* member : {"category", "type", "label"})
      if (auto const label = item.find(member)) return add(*label, confidence_of(item));
    throw item.unexpected("an object with \"category\", \"type\" or \"label\"");
  }

  void add_object(json::Ref const& object) {
    if (!object.value().find("primary")) return add_item(object);
    auto const primary = object.find("primary"), secondary = object.find("secondary");
    auto const confidence = confidence_of(object);
    if (primary) add(*primary, confidence);
    if (secondary) add(*secondary, std::nullopt);
  }

  LabelNames const& m_names;
  Foreign m_foreign;
  std::vector<Predicted> m_labels;
};

}  // namespace

GivenLabels labels_of(json::Ref const& value, LabelNames const& names, Foreign foreign) {
  return JsonLabels(names, foreign).read(value);
}

GivenLabels labels_of(std::string_view cell, LabelNames const& names, Foreign foreign, std::string const& place) {
  auto const text = without_fence(text::strip(cell));
  if (text.empty()) return {};
  if (auto key = names.find(text)) return {true, {{*key, std::nullopt}}};
  auto out = parted(text, names);
  bool const foreign_parts = std::any_of(out.begin(), out.end(), [](auto const& part) { return part.foreign; });
  if (foreign_parts && (text.front() == '[' || text.front() == '{')) {
    auto const parsed = json::parse(text, place);
    return labels_of(json::Ref(parsed, place), names, foreign);
  }
  GivenLabels given{true, {}};
  for (auto& [label, is_foreign] : out) {
    if (is_foreign && foreign == Foreign::refuse)
      throw Error(Kind::bad_input, fmt::format("{}: {}", place, unknown_label(label, names)))
          .hint("part several labels by semicolons");
    given.labels.push_back({std::move(label), std::nullopt});
  }
  return given;
}

}  // namespace jvmm::classify
