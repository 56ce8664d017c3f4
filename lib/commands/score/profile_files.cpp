#include "commands/score/profile_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "log/text_table.hpp"
#include "text/canonical.hpp"
#include "text/lines.hpp"

namespace jvmm::commands {
namespace {

/// The most frequent key, the least of them where several are; a value of its type's default if there is none.
template <class Key>
Key most_frequent(std::map<Key, std::size_t> const& counts) {
  auto const found =
      std::max_element(counts.begin(), counts.end(), [](auto const& a, auto const& b) { return a.second < b.second; });
  return found == counts.end() ? Key{} : found->first;
}

bool has_vector(Profile const& profile) {
  return std::any_of(profile.embeddings.begin(), profile.embeddings.end(), [](auto const& v) { return !v.empty(); });
}

Error repeated(json::Ref const& id) {
  return id.unexpected(fmt::format("an id that has not come before ({} has)", id.string()));
}

void add_profile(ProfileSet& set, json::Ref const& row) {
  auto const wrapped = row.find("profile");
  auto const& from = wrapped ? *wrapped : row;
  auto profile = parse_profile(from);
  if (!set.index.emplace(profile.id, set.profiles.size()).second) throw repeated(from["id"]);
  parse_embeddings(from, profile);
  set.profiles.push_back(std::move(profile));
}

void add_embeddings(ProfileSet& set, std::vector<bool>& seen, json::Ref const& row) {
  auto const place = set.at(row["id"]);
  if (seen[place]) throw repeated(row["id"]);
  seen[place] = true;
  parse_embeddings(row, set.profiles[place]);
}

}  // namespace

std::size_t ProfileSet::at(json::Ref const& id) const {
  auto const parsed = ProfileId::parse(id.string());
  auto const found = parsed ? index.find(*parsed) : index.end();
  if (found == index.end())
    throw id.unexpected(fmt::format("the id of one of the profiles (\"{}\" is none)", log::one_line(id.string(), 40)));
  return found->second;
}

void for_each_json_line(std::string const& path, std::function<void(json::Ref const& row)> const& use) {
  text::LineReader lines(path);
  for (std::string line; lines.next(line);) {
    if (text::strip(line).empty()) continue;
    auto const source = fmt::format("{}:{}", path == "-" ? "standard input" : path, lines.line_number());
    auto const row = json::parse(line, source);
    use(json::Ref(row, source));
  }
}

ProfileSet read_profile_files(std::string const& profiles, std::string const& embeddings) {
  ProfileSet set;
  for_each_json_line(profiles, [&](json::Ref const& row) { add_profile(set, row); });
  if (embeddings.empty()) return set;
  std::vector<bool> seen(set.profiles.size());
  for_each_json_line(embeddings, [&](json::Ref const& row) { add_embeddings(set, seen, row); });
  return set;
}

std::string prevailing_model(ProfileSet const& set) {
  std::map<std::string, std::size_t> counts;
  for (auto const& profile : set.profiles)
    if (profile.embeddings_model && has_vector(profile)) ++counts[*profile.embeddings_model];
  return most_frequent(counts);
}

std::size_t prevailing_dims(ProfileSet const& set) {
  std::map<std::size_t, std::size_t> counts;
  for (auto const& profile : set.profiles)
    for (auto const& vector : profile.embeddings)
      if (!vector.empty()) ++counts[vector.size()];
  return most_frequent(counts);
}

}  // namespace jvmm::commands
