// Scoring profiles as documents: found, merged with what they extend, checked against the schema, hashed.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/schema.hpp"
#include "json/writer.hpp"
#include "scoring/compile_profile.hpp"
#include "scoring/documents.hpp"
#include "scoring/scoring_profile.hpp"
#include "text/digest.hpp"

namespace jvmm::scoring {
namespace {

namespace fs = std::filesystem;

/// Where documents were found on the way up, so that a circle is seen.
using Chain = std::vector<std::string>;

void remove_member(json::Object& object, std::string_view name) {
  std::erase_if(object, [&](json::Member const& member) { return member.name == name; });
}

// RFC 7396: objects are merged member by member, null takes a member away, all else replaces.
void merge_patch(json::Value& target, json::Value const& patch) {
  auto const* const changes = patch.get_if<json::Object>();
  if (!changes) {
    target = patch;
    return;
  }
  if (!target.get_if<json::Object>()) target = json::Object{};
  auto& object = *target.get_if<json::Object>();
  for (auto const& [name, value] : *changes) {
    if (value.is_null()) {
      remove_member(object, name);
      continue;
    }
    auto found = std::find_if(object.begin(), object.end(), [&](json::Member const& m) { return m.name == name; });
    if (found == object.end()) found = object.insert(object.end(), json::Member{name, json::Value{}});
    merge_patch(found->value, value);
  }
}

json::Value resolve(json::Value document, std::string const& source, fs::path const& folder, Chain chain);

Error no_such_profile(std::string const& name, std::string const& extended_by) {
  auto const there = fmt::format("there is no scoring profile '{}'; there are {}, or name a file that ends in .json",
                                 name, fmt::join(shipped_scoring_profiles(), ", "));
  return extended_by.empty() ? Error(Kind::usage, there)
                             : Error(Kind::bad_input, fmt::format("{}: /extends: {}", extended_by, there));
}

/// The document of that name, merged with what it extends. `extended_by`: the source of the one that asks, if one does.
json::Value resolve_named(std::string const& name, std::string const& extended_by, fs::path const& folder,
                          Chain const& chain) {
  for (auto const& shipped : shipped_documents())
    if (shipped.name == name) {
      if (std::find(chain.begin(), chain.end(), name) != chain.end())
        throw Error(Kind::bad_input, fmt::format("scoring profiles extend each other in a circle: {} -> {}",
                                                 fmt::join(chain, " -> "), name));
      auto const source = name + ".json";
      auto longer = chain;
      longer.push_back(name);
      return resolve(json::parse(shipped.text, source), source, {}, std::move(longer));
    }
  if (!name.ends_with(".json")) throw no_such_profile(name, extended_by);
  auto const path = fs::path(name).is_absolute() || folder.empty() ? fs::path(name) : folder / name;
  std::error_code failed;
  auto const canonical = fs::weakly_canonical(path, failed);
  auto const identity = failed ? path.string() : canonical.string();
  if (std::find(chain.begin(), chain.end(), identity) != chain.end())
    throw Error(Kind::bad_input, fmt::format("{}: scoring profiles extend each other in a circle", path.string()));
  auto longer = chain;
  longer.push_back(identity);
  return resolve(json::parse_file(path), path.string(), path.parent_path(), std::move(longer));
}

json::Value resolve(json::Value document, std::string const& source, fs::path const& folder, Chain chain) {
  auto* const object = document.get_if<json::Object>();
  if (!object) throw Error(Kind::bad_input, source + ": a scoring profile is a JSON object");
  remove_member(*object, "$schema");
  auto const* const extends = document.find("extends");
  if (!extends || extends->is_null()) {
    remove_member(*object, "extends");
    return document;
  }
  auto const* const base_name = extends->get_if<std::string>();
  if (!base_name) throw Error(Kind::bad_input, source + ": /extends: expected a name or a file, as a string");
  auto base = resolve_named(*base_name, source, folder, chain);
  remove_member(*object, "extends");
  merge_patch(base, document);
  return base;
}

json::Value const* step(json::Value const& value, std::string_view name) {
  auto const* const list = value.get_if<json::Array>();
  if (!list) return value.find(name);
  std::size_t at = 0;
  auto const [end, failed] = std::from_chars(name.data(), name.data() + name.size(), at);
  return failed == std::errc() && at < list->size() ? &(*list)[at] : nullptr;
}

/// The beginning of what stands at a path, as JSON; "?" where names of members have a slash.
std::string excerpt(json::Value const& document, std::string_view path) {
  auto const* value = &document;
  while (value && !path.empty()) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    value = step(*value, path.substr(0, end));
    path.remove_prefix(end);
  }
  auto const text = value ? json::to_text(*value) : "?";
  std::size_t length = 60;
  if (text.size() <= length) return text;
  while ((text[length] & 0xC0) == 0x80)  // not within a character
    --length;
  return text.substr(0, length) + "\u2026";
}

void check_schema(json::Value const& document, std::string const& source) {
  static json::Schema const schema(scoring_profile_schema());
  auto const violations = schema.check(json::to_text(document));
  if (violations.empty()) return;
  // The innermost place says most.
  auto const worst = std::max_element(violations.begin(), violations.end(), [](auto const& a, auto const& b) {
    return std::count(a.path.begin(), a.path.end(), '/') < std::count(b.path.begin(), b.path.end(), '/');
  });
  throw Error(Kind::bad_input, fmt::format("{}: {}: {} Found: {}", source, worst->path.empty() ? "/" : worst->path,
                                           worst->message, excerpt(document, worst->path)))
      .hint(
          "the form of a scoring profile is docs/schemas/scoring-profile.json; 'jvmm scoring show smooth' is an "
          "example");
}

std::string content_hash(json::Value const& document) {
  auto copy = document;
  remove_member(*copy.get_if<json::Object>(), "description");
  return text::sha256_hex(json::to_text(copy)).substr(0, 16);
}

ScoringProfile finish(json::Value document, std::string const& source) {
  check_schema(document, source);
  auto profile = compile_scoring_profile(document, source);
  profile.hash = content_hash(document);
  profile.document = std::move(document);
  return profile;
}

}  // namespace

std::vector<std::string> shipped_scoring_profiles() {
  std::vector<std::string> names;
  for (auto const& shipped : shipped_documents())
    names.emplace_back(shipped.name);
  return names;
}

ScoringProfile load_scoring_profile(std::string const& name_or_file) {
  return finish(resolve_named(name_or_file, {}, {}, {}), name_or_file);
}

ScoringProfile parse_scoring_profile(std::string_view text, std::string const& source, fs::path const& folder) {
  return finish(resolve(json::parse(text, source), source, folder, {source}), source);
}

}  // namespace jvmm::scoring
