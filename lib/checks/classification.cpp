#include "checks/classification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "json/parse.hpp"

namespace jvmm::checks {
namespace {

bool is_confidence(double value) {
  return value >= 0 && value <= 1;
}

/// In ten-thousandths, as stored, so that 0.9 and 0.8 are exactly 0.1 apart.
long stored(double confidence) {
  return std::lround(confidence * 10'000);
}

void check_labels(Classification const& c, ColumnCheck& check) {
  std::set<std::string_view> seen;
  for (auto const& label : c.labels) {
    if (label.key.empty())
      check.add("out_of_taxonomy", Severity::error, "a label without a name");
    else if (!seen.insert(label.key).second)
      check.add("out_of_taxonomy", Severity::error, fmt::format("\"{}\" twice", label.key));
    else if (!c.taxonomy.empty() && std::ranges::find(c.taxonomy, label.key) == c.taxonomy.end())
      check.add("out_of_taxonomy", Severity::error, fmt::format("there is no label \"{}\"", label.key));
  }
  if (c.max_labels > 0 && c.labels.size() > c.max_labels)
    check.add("out_of_taxonomy", Severity::error,
              fmt::format("{} labels, at most {} are stored", c.labels.size(), c.max_labels));
}

void check_confidences(Classification const& c, ColumnCheck& check) {
  for (std::size_t i = 0; i < c.labels.size(); ++i) {
    auto const& [key, confidence] = c.labels[i];
    if (!is_confidence(confidence))
      check.add("bad_confidence", Severity::error, fmt::format("\"{}\" has confidence {}", key, confidence));
    else if (i > 0 && is_confidence(c.labels[i - 1].confidence) &&
             stored(confidence) > stored(c.labels[i - 1].confidence))
      check.add("bad_confidence", Severity::error, fmt::format("\"{}\" is surer than the label before it", key));
    else if (stored(confidence) < stored(c.threshold))
      check.add("low_confidence", i == 0 ? Severity::warning : Severity::note,
                fmt::format("\"{}\" has confidence {:.4f}, below {:.4f}", key, confidence, c.threshold));
  }
}

void check_spread(Classification const& c, ColumnCheck& check) {
  if (c.uniform_labels == 0 || c.labels.size() < c.uniform_labels || c.uniform_spread <= 0) return;
  auto const [least, most] = std::ranges::minmax_element(c.labels, {}, &ClassifiedLabel::confidence);
  if (!is_confidence(least->confidence) || !is_confidence(most->confidence)) return;
  if (stored(most->confidence) - stored(least->confidence) >= stored(c.uniform_spread)) return;
  check.add("uniform", Severity::warning,
            fmt::format("{} labels with confidences {:.4f} to {:.4f} that hardly differ", c.labels.size(),
                        least->confidence, most->confidence));
}

void check_confirmed(Classification const& c, ColumnCheck& check) {
  if (!c.confirmed || c.confirmed->labels.empty() || c.labels.empty()) return;
  if (std::ranges::find(c.confirmed->labels, c.labels.front().key) != c.confirmed->labels.end()) return;
  check.add("conflict", Severity::error,
            fmt::format("\"{}\", but {} says \"{}\", which is \"{}\"", c.labels.front().key, c.confirmed->source,
                        c.confirmed->text, c.confirmed->labels.front()));
}

double as_confidence(json::Value const* value) {
  if (!value) return std::nan("");
  if (auto const* number = value->get_if<double>()) return *number;
  if (auto const* number = value->get_if<std::int64_t>()) return static_cast<double>(*number);
  if (auto const* number = value->get_if<std::uint64_t>()) return static_cast<double>(*number);
  return std::nan("");
}

std::optional<std::vector<ClassifiedLabel>> read_list(json::Array const& items, std::string_view member) {
  std::vector<ClassifiedLabel> labels;
  for (auto const& item : items) {
    auto const* key = item.find(member);
    auto const* text = key ? key->get_if<std::string>() : nullptr;
    if (!text) return std::nullopt;
    labels.push_back({*text, as_confidence(item.find("confidence"))});
  }
  return labels;
}

/// The confidence is that of the primary; a secondary is never surer, so it has the same.
std::optional<std::vector<ClassifiedLabel>> read_style(json::Object const& object, json::Value const& value) {
  if (object.empty()) return std::vector<ClassifiedLabel>{};
  std::vector<ClassifiedLabel> labels;
  for (auto const* member : {"primary", "secondary"}) {
    auto const* key = value.find(member);
    if (!key || key->is_null()) continue;
    auto const* text = key->get_if<std::string>();
    if (!text) return std::nullopt;
    labels.push_back({*text, as_confidence(value.find("confidence"))});
  }
  if (labels.empty() || !value.find("primary")) return std::nullopt;
  return labels;
}

}  // namespace

ColumnCheck check_classification(Classification const& classification) {
  ColumnCheck check;
  check_labels(classification, check);
  check_confidences(classification, check);
  check_spread(classification, check);
  check_confirmed(classification, check);
  return check;
}

std::optional<std::vector<ClassifiedLabel>> read_labels(std::string_view column, std::string_view json) {
  json::Value value;
  try {
    value = json::parse(json, column);
  } catch (Error const&) {
    return std::nullopt;
  }
  if (value.is_null()) return std::vector<ClassifiedLabel>{};
  if (column == "content_style") {
    auto const* object = value.get_if<json::Object>();
    return object ? read_style(*object, value) : std::nullopt;
  }
  auto const* items = value.get_if<json::Array>();
  return items ? read_list(*items, column == "offer_types" ? "type" : "category") : std::nullopt;
}

}  // namespace jvmm::checks
