#include "credentials/gazetteers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "credentials/shipped.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/digest.hpp"
#include "text/pattern.hpp"

namespace jvmm::credentials {
namespace {

constexpr std::int64_t k_format = 1;
constexpr std::size_t k_longest_string = 200;
constexpr std::size_t k_longest_pattern = 20'000;

constexpr std::array<std::string_view, 22> k_lists{
    "media",        "media_ambiguous",     "media_strong", "media_weak",  "media_first",
    "cert_abbr",    "cert_names",          "cert_bodies",  "cert_head",   "awards",
    "events",       "event_strong",        "event_weak",   "podcasts",    "podcast_strong",
    "podcast_weak", "generic_values",      "small_words",  "filler_stop", "abbreviations",
    "common_words", "common_abbreviations"};

constexpr std::array<std::string_view, 33> k_patterns{"book_words",
                                                      "own_subject",
                                                      "other_subject",
                                                      "new_verb",
                                                      "aside",
                                                      "others_role",
                                                      "certified_cue",
                                                      "speech_words",
                                                      "role",
                                                      "object_before",
                                                      "certified_word",
                                                      "job_cue",
                                                      "people_of_owner",
                                                      "strung_verb",
                                                      "other_work",
                                                      "lead_words",
                                                      "generic",
                                                      "positive",
                                                      "award",
                                                      "certification",
                                                      "claims_to_reader",
                                                      "somebody_else",
                                                      "not_yet",
                                                      "own_show",
                                                      "publisher",
                                                      "person",
                                                      "letters",
                                                      "podcast_words",
                                                      "plain_certification",
                                                      "board_certified",
                                                      "award_winning",
                                                      "award_winning_of_others",
                                                      "list_words"};

template <class Names>
void refuse_unknown(json::Ref const& object, std::string_view what, Names const& known) {
  for (auto const& [name, value] : object.members())
    if (std::ranges::find(known, name) == known.end())
      throw value.unexpected(fmt::format("no member '{}': it is no {} of the rules", name, what));
}

std::vector<std::string> read_list(json::Ref const& list) {
  std::vector<std::string> out;
  for (auto const& item : list.items()) {
    auto const& text = item.string();
    if (text.empty() || text.size() > k_longest_string)
      throw item.unexpected(fmt::format("a string of 1 to {} bytes", k_longest_string));
    out.push_back(text);
  }
  return out;
}

using Words = std::vector<std::pair<std::string, std::string>>;

// A pattern with "{name}" for one of the words.
std::string with_words(std::string pattern, Words const& words) {
  for (auto const& [name, one] : words) {
    auto const placeholder = "{" + name + "}";
    for (auto at = pattern.find(placeholder); at != std::string::npos; at = pattern.find(placeholder, at + one.size()))
      pattern.replace(at, placeholder.size(), one);
  }
  return pattern;
}

// A pattern that compiles and does not match the empty text, which would match everywhere.
std::string read_pattern(json::Ref const& where, Words const& words) {
  auto const pattern = with_words(where.string(), words);
  if (pattern.empty() || pattern.size() > k_longest_pattern)
    throw where.unexpected(fmt::format("a pattern of 1 to {} bytes", k_longest_pattern));
  try {
    if (text::Pattern(pattern, "of gazetteers").fits(""))
      throw where.unexpected("a pattern that does not match the empty text");
  } catch (Error const& error) {
    if (error.kind() == jvmm::Kind::bad_input && error.message().starts_with("pattern "))
      throw where.unexpected(error.message()).hint("patterns are RE2's: no look-around, no back-references");
    throw;
  }
  return pattern;
}

Kind read_kind(json::Ref const& where) {
  auto const kind = kind_named(where.string());
  if (!kind) throw where.unexpected("a kind of credential, such as \"awards\"");
  return *kind;
}

Cue read_cue(json::Ref const& cue, Words const& words) {
  refuse_unknown(cue, "part of a cue", std::array<std::string_view, 4>{"kind", "side", "strength", "pattern"});
  auto const& side = cue["side"].string();
  if (side != "left" && side != "right") throw cue["side"].unexpected("\"left\" or \"right\"");
  auto const strength = cue["strength"].integer();
  if (strength < 0 || strength > 2) throw cue["strength"].unexpected("0, 1 or 2");
  return {read_kind(cue["kind"]), side == "left" ? Side::left : Side::right, static_cast<int>(strength),
          read_pattern(cue["pattern"], words)};
}

std::vector<Cue> read_cues(json::Ref const& cues, Words const& words) {
  std::vector<Cue> out;
  for (auto const& cue : cues.items())
    out.push_back(read_cue(cue, words));
  return out;
}

std::vector<Filter> read_filters(json::Ref const& filters, Words const& words) {
  std::vector<Filter> out;
  for (auto const& one : filters.items()) {
    refuse_unknown(one, "part of a filter", std::array<std::string_view, 3>{"name", "kinds", "pattern"});
    Filter filter{one["name"].string(), {}, read_pattern(one["pattern"], words)};
    if (auto const kinds = one.find("kinds"))
      for (auto const& kind : kinds->items())
        filter.kinds.push_back(read_kind(kind));
    out.push_back(std::move(filter));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> read_patterns(json::Ref const& patterns, Words const& words) {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto const& one : patterns.items()) {
    refuse_unknown(one, "part of a pattern", std::array<std::string_view, 2>{"name", "pattern"});
    out.emplace_back(one["name"].string(), read_pattern(one["pattern"], words));
  }
  return out;
}

template <class T>
T const& named(std::vector<std::pair<std::string, T>> const& all, std::string_view name) {
  for (auto const& [key, value] : all)
    if (key == name) return value;
  throw Error(jvmm::Kind::internal, fmt::format("the gazetteers have no '{}'", name));
}

void require_patterns(json::Ref const& where, std::vector<std::pair<std::string, std::string>> const& patterns) {
  for (auto const name : k_patterns)
    if (std::ranges::find(patterns, name, &std::pair<std::string, std::string>::first) == patterns.end())
      throw where.unexpected(fmt::format("a pattern named '{}'", name));
}

}  // namespace

std::vector<std::string> const& Gazetteers::list(std::string_view name) const {
  return named(lists, name);
}

std::string const& Gazetteers::pattern(std::string_view name) const {
  return named(patterns, name);
}

Gazetteers parse_gazetteers(std::string_view text, std::string_view source) {
  auto const document = json::parse(text, source);
  auto const root = json::Ref(document, std::string(source));
  refuse_unknown(root, "member",
                 std::array<std::string_view, 9>{"format", "version", "about", "lists", "words", "cues", "title_cues",
                                                 "filters", "patterns"});
  if (root["format"].integer() != k_format) throw root["format"].unexpected(fmt::format("format {}", k_format));
  Gazetteers out;
  out.version = root["version"].string();
  out.hash = text::sha256_hex(text);
  auto const lists = root["lists"];
  refuse_unknown(lists, "list", k_lists);
  for (auto const name : k_lists)
    out.lists.emplace_back(name, read_list(lists[name]));
  auto const words = root.find("words") ? read_patterns(root["words"], {}) : Words();
  out.cues = read_cues(root["cues"], words);
  out.title_cues = read_cues(root["title_cues"], words);
  out.filters = read_filters(root["filters"], words);
  out.patterns = read_patterns(root["patterns"], words);
  require_patterns(root["patterns"], out.patterns);
  return out;
}

Gazetteers const& shipped_gazetteers() {
  static auto const shipped = parse_gazetteers(gazetteers_json(), "gazetteers.json");
  return shipped;
}

Gazetteers load_gazetteers(std::filesystem::path const& path) {
  if (!std::filesystem::exists(path))
    throw Error(jvmm::Kind::missing_input, fmt::format("there is no file {}", path.string()));
  std::ifstream file(path, std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  if (!file || file.bad()) throw Error(jvmm::Kind::local_io, fmt::format("{} cannot be read", path.string()));
  return parse_gazetteers(text, path.string());
}

}  // namespace jvmm::credentials
