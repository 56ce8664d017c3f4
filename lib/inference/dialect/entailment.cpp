#include "inference/dialect/entailment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "inference/dialect/wire.hpp"

namespace jvmm::inference {
namespace {

using json::Array;
using json::Value;

/// In lower case, words joined by '_'.
std::string folded(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return out;
}

bool is_entailment(std::string_view label) {
  return folded(label).starts_with("entail");
}

bool is_contradiction(std::string_view label) {
  auto const name = folded(label);
  return name.starts_with("contradict") || name == "not_entailment" || name == "non_entailment";
}

bool is_tag(std::string_view label) {
  return label.starts_with("B-") || label.starts_with("I-");
}

/// The one class that `is` tells. **Throws** of this kind unless there is one.
std::size_t the_class(std::vector<std::string> const& classes, bool (&is)(std::string_view), std::string_view what,
                      Kind kind) {
  auto const found = std::find_if(classes.begin(), classes.end(), is);
  if (found == classes.end() || std::any_of(found + 1, classes.end(), is))
    throw Error(kind, fmt::format("expected one class that means {} among '{}'", what, fmt::join(classes, "', '")))
        .hint("use a model for natural language inference that names its classes");
  return static_cast<std::size_t>(found - classes.begin());
}

struct Columns {
  std::size_t entailment, contradiction;
};

Columns columns_of(std::vector<std::string> const& classes, Kind kind) {
  return {the_class(classes, is_entailment, "entailment", kind),
          the_class(classes, is_contradiction, "contradiction", kind)};
}

Array const& array_of(Value const& value) {
  auto const* array = value.get_if<Array>();
  if (!array) throw wire::bad_answer("classes that are no array");
  return *array;
}

Entailment entailment_of(Value const& pair) {
  constexpr std::size_t k_max_classes = 16;
  auto const& scored = array_of(pair);
  if (scored.size() > k_max_classes) throw wire::bad_answer(fmt::format("{} classes to a pair", scored.size()));
  std::vector<std::string> classes;
  std::vector<double> logits;
  for (auto const& element : scored) {
    auto const* label = wire::string(element.find("label"));
    auto const score = wire::number(element.find("score"));
    if (!label) throw wire::bad_answer("a class without a label");
    classes.push_back(label->substr(0, 64));
    logits.push_back(score.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  auto const columns = columns_of(classes, Kind::bad_answer);
  Entailment const out{logits[columns.entailment], logits[columns.contradiction]};
  if (!std::isfinite(out.entailment) || !std::isfinite(out.contradiction))
    throw wire::bad_answer("a score that is null or no number");
  return out;
}

class EntailmentDialect final : public Dialect {
 public:
  Task task() const override { return Task::zero_shot; }
  std::string path() const override { return "/predict"; }

  // Always nested: TEI reads ["a", "b"] as one pair.
  std::string body(std::span<std::string_view const> items) const override {
    json::Writer out;
    out.begin_object().key("inputs").begin_array();
    for (auto const item : items) {
      auto const [text, hypothesis] = split_pair(item);
      out.begin_array().value(wire::clean(text)).value(wire::clean(hypothesis)).end_array();
    }
    out.end_array().member("raw_scores", true).member("truncate", true).end_object();
    return std::move(out).take();
  }

  Reading read(std::span<std::string_view const> items, std::string_view body) const override {
    auto const root = wire::tree_of(body);
    auto const* array = root.get_if<Array>();
    if (!array || array->empty()) wire::throw_other_shape(body, "classes with scores");
    bool const flat = array->front().find("label") != nullptr;
    wire::require_count(flat ? 1 : array->size(), items.size());
    Reading out;
    out.answers = wire::each(
        items.size(), [&](std::size_t i) { return Answer{pack_entailment(entailment_of(flat ? root : (*array)[i]))}; });
    return out;
  }

  std::string parameters_key() const override { return R"({"codec":"entailment/1"})"; }
};

}  // namespace

std::string join_pair(std::string_view text, std::string_view hypothesis) {
  return fmt::format("{}:{}{}", text.size(), text, hypothesis);
}

std::pair<std::string_view, std::string_view> split_pair(std::string_view item) {
  std::size_t length = 0;
  auto const* const end = item.data() + item.size();
  auto const [colon, problem] = std::from_chars(item.data(), end, length);
  if (problem != std::errc() || colon == end || *colon != ':' || static_cast<std::size_t>(end - colon) - 1 < length)
    throw Error(Kind::internal, "an item that is no pair of text and hypothesis");
  auto const rest = item.substr(static_cast<std::size_t>(colon - item.data()) + 1);
  return {rest.substr(0, length), rest.substr(length)};
}

std::unique_ptr<Dialect> make_entailment_dialect(std::string) {
  return std::make_unique<EntailmentDialect>();
}

void require_entailment_classes(std::vector<std::string> const& classes) {
  if (std::any_of(classes.begin(), classes.end(), is_tag))
    throw Error(Kind::configuration,
                fmt::format("classes '{}' are tags of tokens, not of entailment", fmt::join(classes, "', '")))
        .hint("a model for token classification was started as a classifier; serve one for natural language inference");
  (void)columns_of(classes, Kind::configuration);
}

std::string pack_entailment(Entailment entailment) {
  double const both[] = {entailment.entailment, entailment.contradiction};
  return wire::pack_doubles(both);
}

Entailment unpack_entailment(std::string_view bytes) {
  auto const both = wire::unpack_doubles(bytes, 2);
  return {both[0], both[1]};
}

std::vector<double> zero_shot_scores(std::span<Entailment const> pairs, bool multi_label) {
  std::vector<double> scores;
  if (multi_label || pairs.size() == 1) {
    for (auto const& pair : pairs)
      scores.push_back(1 / (1 + std::exp(pair.contradiction - pair.entailment)));
    return scores;
  }
  double highest = -std::numeric_limits<double>::infinity(), sum = 0;
  for (auto const& pair : pairs)
    highest = std::max(highest, pair.entailment);
  for (auto const& pair : pairs)
    sum += scores.emplace_back(std::exp(pair.entailment - highest));
  for (auto& score : scores)
    score /= sum;
  return scores;
}

}  // namespace jvmm::inference
