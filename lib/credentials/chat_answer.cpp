#include "credentials/chat_answer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/utf8.hpp"
#include "credentials/lenient_json.hpp"
#include "credentials/lexicon.hpp"
#include "text/canonical.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::size_t k_longest_answer = std::size_t{1} << 20;
constexpr std::size_t k_most_candidates = 200;
constexpr std::size_t k_longest_name = 300;
constexpr std::size_t k_attempts = 50;  // opening brackets of the prose before the answer
constexpr int k_deepest = 4;            // {"result": {"credentials": {…}}}

struct KeyName {
  std::string_view key;
  Kind kind;
};
constexpr std::array k_short_keys{KeyName{"book", Kind::books},
                                  KeyName{"media", Kind::media_appearances},
                                  KeyName{"speaking", Kind::speaking_events},
                                  KeyName{"events", Kind::speaking_events},
                                  KeyName{"certification", Kind::certifications},
                                  KeyName{"award", Kind::awards},
                                  KeyName{"podcasts", Kind::podcast_appearances},
                                  KeyName{"podcast", Kind::podcast_appearances}};

std::optional<Kind> kind_of_key(std::string_view key) {
  auto const lower = lowered(text::strip(key));
  if (auto const kind = kind_named(lower)) return kind;
  for (auto const& one : k_short_keys)
    if (one.key == lower) return one.kind;
  return std::nullopt;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

std::optional<std::string> valid_name(std::string_view raw) {
  auto const name = text::strip(raw);
  if (name.empty() || text::code_point_count(name) > k_longest_name) return std::nullopt;
  for (std::size_t at = 0; at < name.size();) {
    auto const c = utf8::decode(name, at);
    if (is_control(c.value) || !c.valid) return std::nullopt;
    at += c.length;
  }
  return std::string(name);
}

std::optional<int> valid_year(json::Value const* year) {
  if (year == nullptr) return std::nullopt;
  std::int64_t number = 0;
  if (auto const* const integer = year->get_if<std::int64_t>()) {
    number = *integer;
  } else if (auto const* const digits = year->get_if<std::string>()) {
    if (digits->size() != 4 || !std::ranges::all_of(*digits, [](char c) { return c >= '0' && c <= '9'; }))
      return std::nullopt;
    for (auto const c : *digits)
      number = number * 10 + (c - '0');
  }
  if (number < 1800 || number >= 2200) return std::nullopt;
  return static_cast<int>(number);
}

double valid_confidence(json::Value const* confidence) {
  constexpr double k_usual = 0.6, k_most = 0.8;
  if (confidence == nullptr) return k_usual;
  double number = -1;
  if (auto const* const real = confidence->get_if<double>()) number = *real;
  if (auto const* const integer = confidence->get_if<std::int64_t>()) number = static_cast<double>(*integer);
  if (number < 0 || number > 1) return k_usual;
  return std::min(k_most, std::round(number * 100) / 100);
}

class AnswerReader {
 public:
  explicit AnswerReader(ParsedAnswer& out) : m_out(out) {}

  // True if there was a known key.
  bool read(json::Value const& value, int depth) {
    if (auto const* const members = value.get_if<json::Object>()) return read_object(*members, depth);
    auto known = false;
    if (auto const* const items = value.get_if<json::Array>(); items != nullptr && depth < k_deepest)
      for (auto const& item : *items)
        known = read_typed(item) || (item.get_if<json::Object>() != nullptr && read(item, depth + 1)) || known;
    return known;
  }

 private:
  bool read_object(json::Object const& members, int depth) {
    auto known = false;
    for (auto const& member : members)
      known = kind_of_key(member.name).has_value() || known;
    if (!known && depth < k_deepest) {
      for (auto const& member : members)
        known = read(member.value, depth + 1) || known;
      return known;
    }
    for (auto const& member : members)
      if (auto const kind = kind_of_key(member.name))
        read_list(*kind, member.value);
      else
        ++m_out.unknown_keys;
    return known;
  }

  // {"kind": "awards", "name": "…"}
  bool read_typed(json::Value const& item) {
    for (auto const* const key : {"kind", "type", "category"})
      if (auto const* const type = item.find(key))
        if (auto const* const text = type->get_if<std::string>())
          if (auto const kind = kind_of_key(*text)) {
            read_entry(*kind, item);
            return true;
          }
    return false;
  }

  void read_list(Kind kind, json::Value const& list) {
    if (list.is_null()) return;
    if (auto const* const items = list.get_if<json::Array>()) {
      for (auto const& item : *items)
        read_entry(kind, item);
      return;
    }
    ++m_out.refused;
  }

  void read_entry(Kind kind, json::Value const& item) {
    auto const* name = item.get_if<std::string>();
    for (auto const* const key : {"name", "title"})
      if (auto const* const member = item.find(key); member != nullptr && name == nullptr)
        name = member->get_if<std::string>();
    auto valid = name != nullptr ? valid_name(*name) : std::nullopt;
    if (!valid || m_out.candidates.size() >= k_most_candidates) {
      ++m_out.refused;
      return;
    }
    Candidate candidate;
    candidate.kind = kind;
    candidate.name = std::move(*valid);
    if (kind == Kind::books) candidate.year = valid_year(item.find("year"));
    candidate.confidence = valid_confidence(item.find("confidence"));
    m_out.candidates.push_back(std::move(candidate));
  }

  ParsedAnswer& m_out;
};

}  // namespace

ParsedAnswer parse_chat_answer(std::string_view answer) {
  answer = answer.substr(0, k_longest_answer);
  ParsedAnswer out;
  std::size_t at = 0;
  for (std::size_t attempt = 0; attempt < k_attempts; ++attempt) {
    at = answer.find_first_of("{[", at);
    if (at == std::string_view::npos) break;
    auto const read = read_lenient_json(answer, at);
    if (!read) {
      ++at;
      continue;
    }
    ParsedAnswer tried;
    if (AnswerReader(tried).read(read->value, 0)) {
      tried.readable = true;
      tried.truncated = read->truncated;
      return tried;
    }
    at = read->truncated ? at + 1 : read->end;
  }
  return out;
}

}  // namespace jvmm::credentials
