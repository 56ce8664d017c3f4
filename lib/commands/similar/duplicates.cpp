#include "commands/similar/duplicates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <unordered_map>

#include "db/sql.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "scoring/duplicates.hpp"
#include "store/scoring_rows.hpp"

namespace jvmm::commands {
namespace {

using scoring::DuplicateEvidence;
using scoring::DuplicateKey;
using Pair = std::pair<std::uint32_t, std::uint32_t>;
using Vectors = std::array<std::vector<float>, 3>;

constexpr std::int64_t k_page_rows = 10'000;
constexpr std::size_t k_chunk = 2'000;       // profiles whose vectors are held at a time
constexpr std::size_t k_widest_block = 100;  // a name that more share is not compared by vectors

struct Table {
  std::vector<DuplicateProfile> profiles;
  std::vector<DuplicateKey> keys;
};

Table read_table(db::ReadTx& tx) {
  Table table;
  for (ProfileId after;;) {
    auto const rows = tx.exec(db::sql::similar_duplicate_fields, db::Params().add(after).add(k_page_rows));
    for (auto const row : rows) {
      auto const text = [&](char const* column) { return row.optional<std::string>(column); };
      auto const name = text("name"), email = text("email"), company = text("company");
      table.keys.push_back(scoring::duplicate_key(name, email, company, text("website")));
      table.profiles.push_back({row.get<ProfileId>("id"), name.value_or(""), email.value_or(""), company.value_or("")});
    }
    if (rows.empty()) return table;
    after = table.profiles.back().id;
  }
}

std::unordered_map<ProfileId, Vectors> read_vectors(db::ReadTx& tx, std::span<ProfileId const> ids,
                                                    std::string const& model) {
  std::unordered_map<ProfileId, Vectors> found;
  for (auto const row : tx.exec(db::sql::similar_duplicate_vectors, db::Params().add_array(ids).add(model))) {
    auto const vector = [&](char const* column) {
      return row.optional<std::vector<float>>(column).value_or(std::vector<float>{});
    };
    found.emplace(row.get<ProfileId>("id"), Vectors{vector("seeking"), vector("offering"), vector("audience")});
  }
  return found;
}

/// Indexes of profiles that share a name with others, those of one name side by side, in chunks.
std::vector<std::vector<std::uint32_t>> namesakes(Table const& table) {
  std::map<std::string, std::vector<std::uint32_t>> blocks;
  for (std::uint32_t i = 0; i < table.keys.size(); ++i)
    if (auto const& name = table.keys[i].name; name.size() >= 2)
      blocks[fmt::format("{}", fmt::join(name, " "))].push_back(i);
  std::vector<std::vector<std::uint32_t>> chunks(1);
  for (auto const& [name, block] : blocks) {
    if (block.size() < 2 || block.size() > k_widest_block) continue;
    if (chunks.back().size() + block.size() > k_chunk) chunks.emplace_back();
    chunks.back().insert(chunks.back().end(), block.begin(), block.end());
  }
  return chunks;
}

void compare_vectors(db::ReadTx& tx, Table const& table, std::vector<std::uint32_t> const& chunk,
                     std::string const& model, std::map<Pair, DuplicateEvidence>& found) {
  std::vector<ProfileId> ids;
  for (auto const i : chunk)
    ids.push_back(table.profiles[i].id);
  auto const vectors = read_vectors(tx, ids, model);
  std::vector<DuplicateKey> keys;
  for (auto const i : chunk) {
    keys.push_back(table.keys[i]);
    if (auto const known = vectors.find(table.profiles[i].id); known != vectors.end())
      std::copy(known->second.begin(), known->second.end(), keys.back().vectors.begin());
  }
  for (auto const& [i, j] : scoring::duplicate_pairs(keys))
    found.emplace(std::minmax(chunk[i], chunk[j]), *scoring::duplicate_evidence(keys[i], keys[j]));
}

std::map<Pair, DuplicateEvidence> find_pairs(db::ReadTx& tx, Table const& table) {
  std::map<Pair, DuplicateEvidence> found;
  for (auto const& [i, j] : scoring::duplicate_pairs(table.keys))
    found.emplace(Pair(i, j), *scoring::duplicate_evidence(table.keys[i], table.keys[j]));
  auto const kinds = store::read_vector_kinds(tx, false);
  if (!kinds.empty())
    for (auto const& chunk : namesakes(table))
      compare_vectors(tx, table, chunk, kinds[0].model, found);
  return found;
}

std::uint32_t root(std::vector<std::uint32_t>& parents, std::uint32_t i) {
  while (parents[i] != i)
    i = parents[i] = parents[parents[i]];
  return i;
}

}  // namespace

std::vector<DuplicateGroup> find_duplicates(db::ReadTx& tx) {
  auto const table = read_table(tx);
  auto const pairs = find_pairs(tx, table);
  std::vector<std::uint32_t> parents(table.profiles.size());
  std::iota(parents.begin(), parents.end(), 0);
  for (auto const& [pair, evidence] : pairs) {
    auto const a = root(parents, pair.first), b = root(parents, pair.second);
    parents[std::max(a, b)] = std::min(a, b);
  }
  std::map<std::uint32_t, std::pair<std::set<std::uint32_t>, std::set<std::string>>> members;
  for (auto const& [pair, evidence] : pairs) {
    auto& [profiles, found_by] = members[root(parents, pair.first)];
    profiles.insert({pair.first, pair.second});
    found_by.insert(std::string(name(evidence)));
  }
  std::vector<DuplicateGroup> groups;
  for (auto const& [first, member] : members) {
    DuplicateGroup group;
    for (auto const i : member.first)
      group.profiles.push_back(table.profiles[i]);
    group.evidence.assign(member.second.begin(), member.second.end());
    groups.push_back(std::move(group));
  }
  return groups;
}

std::string duplicates_text(std::vector<DuplicateGroup> const& all, std::vector<DuplicateGroup> const& shown,
                            std::optional<ProfileId> const& next) {
  if (shown.empty()) return "no duplicates\n";
  log::TextTable table({{"profile"},
                        {"name", log::Align::left, 30},
                        {"company", log::Align::left, 30},
                        {"email", log::Align::left, 40},
                        {"same"}});
  for (auto const& group : shown)
    for (auto const& profile : group.profiles)
      table.add({profile.id.text(), profile.name, profile.company, profile.email,
                 &profile == &group.profiles.front() ? fmt::format("{}", fmt::join(group.evidence, ", ")) : "\""});
  auto text = fmt::format("{} of {} groups of profiles that look like one person\n", shown.size(), all.size());
  text += table.text();
  return next ? text + fmt::format("more: --after {}\n", next->text()) : text;
}

std::string duplicates_json(std::vector<DuplicateGroup> const& all, std::vector<DuplicateGroup> const& shown,
                            std::optional<ProfileId> const& of, std::optional<ProfileId> const& next) {
  json::Writer out;
  out.begin_object().member("command", "similar").member("duplicates", true).key("profile");
  of ? out.value(of->text()) : out.null();
  out.member("groups_in_all", all.size()).key("groups").begin_array();
  for (auto const& group : shown) {
    out.begin_object().key("evidence").begin_array();
    for (auto const& evidence : group.evidence)
      out.value(evidence);
    out.end_array().key("profiles").begin_array();
    for (auto const& profile : group.profiles) {
      out.begin_object().member("profile", profile.id.text()).member("name", profile.name);
      out.member("email", profile.email).member("company", profile.company).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().key("next");
  next ? out.value(next->text()) : out.null();
  out.end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
