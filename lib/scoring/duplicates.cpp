#include "scoring/duplicates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "math/vector.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/folding.hpp"
#include "text/tokens.hpp"

namespace jvmm::scoring {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

constexpr double k_same_vectors = 0.95;
constexpr std::size_t k_neighbours = 100;

constexpr std::string_view k_titles[] = {
    "dr",   "prof", "professor", "mr",   "mrs",  "ms", "miss", "sir", "phd", "md",  "mba",   "msc",    "bsc",    "edd",
    "psyd", "jd",   "cpa",       "lcsw", "lmft", "jr", "sr",   "esq", "pcc", "acc", "coach", "author", "speaker"};
constexpr std::string_view k_legal_forms[] = {"inc",  "llc",         "ltd", "limited", "gmbh",
                                              "corp", "corporation", "plc", "co"};
constexpr std::string_view k_no_company[] = {"na",        "none",         "null",       "self",
                                             "freelance", "selfemployed", "freelancer", "independent"};
constexpr std::string_view k_roles[] = {"info",   "hello", "team",  "support", "contact", "admin",
                                        "office", "mail",  "sales", "hi",      "help",    "enquiries"};
constexpr std::string_view k_shared_hosts[] = {"linkedin.com", "facebook.com", "instagram.com", "youtube.com",
                                               "linktr.ee",    "calendly.com", "amazon.com",    "medium.com",
                                               "twitter.com",  "x.com",        "google.com",    "substack.com"};

template <std::size_t N>
bool is_one_of(std::string_view text, std::string_view const (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

bool separates(char32_t c) {
  return !text::is_word(c) || c == U'_';
}

std::vector<std::string> words(std::string_view given) {
  auto folded = text::folded(given);
  std::erase_if(folded, [](char c) { return c == '.' || c == '\''; });  // "Ph.D.", "O'Brien"
  std::vector<std::string> result;
  for (auto const part : text::split_at(folded, separates))
    result.emplace_back(part);
  return result;
}

std::vector<std::string> name_words(std::string_view name) {
  auto result = words(name);
  std::erase_if(result, [](auto const& word) { return text::code_point_count(word) < 2 || is_one_of(word, k_titles); });
  std::sort(result.begin(), result.end());
  return result;
}

std::string company_of(std::string_view given) {
  std::string company;
  for (auto const& word : words(given))
    if (!is_one_of(word, k_legal_forms)) company += word;
  return is_one_of(company, k_no_company) ? "" : company;
}

std::string address_of(std::string_view given) {
  auto address = text::lower(text::strip(given));
  auto const at = address.find('@');
  bool const whole = at != 0 && at != std::string::npos && address.find('@', at + 1) == std::string::npos &&
                     address.find('.', at) != std::string::npos &&
                     address.find_first_of(" \t,;<>") == std::string::npos;
  return whole ? address : "";
}

std::string host_of(std::string_view given) {
  auto const lowered = text::lower(text::strip(given));
  std::string_view host = lowered;
  if (auto const scheme = host.find("://"); scheme != std::string_view::npos) host.remove_prefix(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#: \t"));
  if (host.starts_with("www.")) host.remove_prefix(4);
  bool const shared = std::any_of(std::begin(k_shared_hosts), std::end(k_shared_hosts), [&](std::string_view known) {
    return host == known || (host.ends_with(known) && host[host.size() - known.size() - 1] == '.');
  });
  return shared || host.find('.') == std::string_view::npos ? "" : std::string(host);
}

bool share_a_word(DuplicateKey const& a, DuplicateKey const& b) {
  return std::find_first_of(a.name.begin(), a.name.end(), b.name.begin(), b.name.end()) != a.name.end();
}

bool one_includes_other(DuplicateKey const& a, DuplicateKey const& b) {
  return std::includes(a.name.begin(), a.name.end(), b.name.begin(), b.name.end()) ||
         std::includes(b.name.begin(), b.name.end(), a.name.begin(), a.name.end());
}

bool same(std::string const& a, std::string const& b) {
  return !a.empty() && a == b;
}

bool same_vectors(DuplicateKey const& a, DuplicateKey const& b) {
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < a.vectors.size(); ++i) {
    auto const &x = a.vectors[i], &y = b.vectors[i];
    if (x.empty() || x.size() != y.size()) continue;
    double const norms = math::dot_double(x, x) * math::dot_double(y, y);
    if (!(norms > 0)) continue;
    sum += math::dot_double(x, y) / std::sqrt(norms);
    ++count;
  }
  return count >= 2 && sum >= k_same_vectors * count;
}

// Pairs within one block, the members of which are in order.
void compare(std::span<DuplicateKey const> keys, std::vector<std::uint32_t> const& block, std::vector<Pair>& found) {
  for (std::size_t i = 0; i < block.size(); ++i)
    for (std::size_t j = i + 1; j < block.size() && j <= i + k_neighbours; ++j)
      if (duplicate_evidence(keys[block[i]], keys[block[j]])) found.emplace_back(std::minmax(block[i], block[j]));
}

template <class Key>
void compare_blocks(std::span<DuplicateKey const> keys, Key const& key_of, std::vector<Pair>& found) {
  std::map<std::string, std::vector<std::uint32_t>> blocks;
  for (std::uint32_t i = 0; i < keys.size(); ++i)
    if (auto key = key_of(keys[i]); !key.empty()) blocks[std::move(key)].push_back(i);
  for (auto& [key, block] : blocks) {
    std::sort(block.begin(), block.end(), [&](std::uint32_t i, std::uint32_t j) {
      return std::tie(keys[i].company, keys[i].host, i) < std::tie(keys[j].company, keys[j].host, j);
    });
    compare(keys, block, found);
  }
}

std::string name_block(DuplicateKey const& key) {
  std::string block;
  for (auto const& word : key.name)
    block += word + ' ';
  return key.name.size() < 2 ? "" : block;
}

}  // namespace

std::string_view name(DuplicateEvidence evidence) {
  constexpr std::string_view k_names[] = {"email", "company", "website", "vectors"};
  return k_names[static_cast<std::size_t>(evidence)];
}

DuplicateKey duplicate_key(std::optional<std::string> const& name, std::optional<std::string> const& email,
                           std::optional<std::string> const& company, std::optional<std::string> const& website) {
  DuplicateKey key;
  key.name = name_words(name.value_or(""));
  key.email = address_of(email.value_or(""));
  key.role_mailbox = is_one_of(std::string_view(key.email).substr(0, key.email.find('@')), k_roles);
  key.company = company_of(company.value_or(""));
  key.host = host_of(website.value_or(""));
  return key;
}

DuplicateKey with_vectors(DuplicateKey key, Prepared const& prepared) {
  key.vectors = {prepared.seeking.data, prepared.offering.data, prepared.audience.data};
  return key;
}

std::optional<DuplicateEvidence> duplicate_evidence(DuplicateKey const& a, DuplicateKey const& b) {
  if (same(a.email, b.email) && (a.role_mailbox ? one_includes_other(a, b) : share_a_word(a, b)))
    return DuplicateEvidence::email;
  if (a.name.size() < 2 || a.name != b.name) return std::nullopt;
  if (same(a.company, b.company)) return DuplicateEvidence::company;
  if (same(a.host, b.host)) return DuplicateEvidence::website;
  return same_vectors(a, b) ? std::optional(DuplicateEvidence::vectors) : std::nullopt;
}

std::vector<Pair> duplicate_pairs(std::span<DuplicateKey const> keys) {
  std::vector<Pair> found;
  compare_blocks(keys, [](DuplicateKey const& key) { return key.email; }, found);
  compare_blocks(keys, name_block, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace jvmm::scoring
