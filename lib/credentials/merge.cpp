#include "credentials/merge.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <tuple>

#include "base/utf8.hpp"
#include "credentials/lexicon.hpp"
#include "credentials/normalised_text.hpp"
#include "credentials/spans.hpp"
#include "text/folding.hpp"

namespace jvmm::credentials {
namespace {

struct Texts {
  explicit Texts(Source const& source) {
    for (auto const field : {Field::social_proof, Field::bio})
      if (auto const& stored = source.field(field)) of[static_cast<std::size_t>(field)].emplace(*stored);
  }

  bool holds(Value const& value) const {
    auto const& text = of[static_cast<std::size_t>(value.field)];
    return text && value.place.start < value.place.end && value.place.end <= text->code_points() &&
           text->slice(value.place) == value.name;
  }

  std::array<std::optional<NormalisedText>, 2> of;
};

// ASCII without entities and tags, as nearly all names are.
bool is_plain(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~' && c != '&' && c != '<'; });
}

std::string key_of_plain(std::string_view name) {
  std::string words, out;
  for (auto const c : name)
    if (is_word(c) || (c == ' ' && !words.empty() && words.back() != ' ')) words.push_back(c);
  for (auto const c : lowered(without_article(words)))
    if (c != ' ') out.push_back(c);
  return out;
}

// What two spellings of one name have in common: letters and digits without case, accents, leading article.
std::string key_of(Value const& value) {
  if (is_plain(value.name)) return key_of_plain(value.name);
  NormalisedText const name(value.name);
  auto const& text = name.text();
  std::string plain, words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    auto const shape = name.shape()[i];
    if (shape == 'X' || shape == 'x' || shape == '0') {
      utf8::append(plain, text[i]);
    } else if (is_word(shape)) {
      plain.push_back(shape);
    } else if (shape == ' ' && !plain.empty() && plain.back() != ' ') {
      plain.push_back(' ');
    }
  }
  for (auto const c : text::folded(without_article(plain)))
    if (c != ' ') words.push_back(c);
  return words;
}

// Best evidence first; the rest only so that the order is total.
bool better(Value const& a, Value const& b) {
  auto const rank = [](Value const& v) {
    return std::tuple(-v.confidence, v.method, -static_cast<std::ptrdiff_t>(v.place.end - v.place.start), v.field,
                      v.place.start, v.kind, v.name, v.year.value_or(0));
  };
  return rank(a) < rank(b);
}

bool overlap(Value const& a, Value const& b) {
  return a.field == b.field && a.place.start < b.place.end && b.place.start < a.place.end;
}

}  // namespace

std::vector<Value> merge(std::vector<Value> values, Source const& source) {
  Texts const texts(source);
  std::erase_if(values, [&](Value const& value) { return !texts.holds(value); });
  return merge_cut(std::move(values));
}

std::vector<Value> merge_cut(std::vector<Value> values) {
  std::ranges::sort(values, better);
  std::vector<std::pair<Value, std::string>> kept;
  for (auto& value : values) {
    auto key = key_of(value);
    auto const twin = std::ranges::find_if(kept, [&](auto const& other) {
      return overlap(other.first, value) || (other.first.kind == value.kind && other.second == key && !key.empty());
    });
    if (twin == kept.end())
      kept.emplace_back(std::move(value), std::move(key));
    else if (value.kind == Kind::books && twin->first.kind == Kind::books && !twin->first.year)
      twin->first.year = value.year;
  }
  std::vector<Value> out;
  for (auto& [value, key] : kept)
    out.push_back(std::move(value));
  std::ranges::sort(out, {}, [](Value const& v) { return std::tuple(v.kind, v.field, v.place.start); });
  return out;
}

}  // namespace jvmm::credentials
