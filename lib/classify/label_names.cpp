#include "classify/label_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/csv.hpp"
#include "text/tokens.hpp"

namespace jvmm::classify {
namespace {

constexpr std::string_view k_curly = "\u2019";
constexpr std::size_t k_longest_suggestion = 100;  // bytes; the distance costs the product of two lengths

std::string folded(std::string_view text) {
  std::string out;
  for (auto const word : text::split_whitespace(text))
    out += (out.empty() ? "" : " ") + std::string(word);
  for (auto at = out.find(k_curly); at != std::string::npos; at = out.find(k_curly, at))
    out.replace(at, k_curly.size(), "'");
  return text::lower(out);
}

/// Levenshtein's, over bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Folded names of a list of parents, checked but for circles.
using Parents = std::map<std::string, LabelParent const*, std::less<>>;

Error fault(std::string const& source, std::size_t line, std::string const& what) {
  return Error(Kind::bad_input, fmt::format("{}: line {}: {}", source, line, what));
}

}  // namespace

LabelNames::LabelNames(std::span<LabelName const> labels) {
  for (auto const& label : labels) {
    m_keys.push_back(label.key);
    m_key_of.emplace(folded(label.key), label.key);
  }
  for (auto const& label : labels)
    for (auto const& other : label.others)
      m_key_of.emplace(folded(other), label.key);
}

void LabelNames::add_parents(std::span<LabelParent const> parents, std::string const& source) {
  Parents by_name;
  for (auto const& each : parents) {
    auto const name = folded(each.label);
    if (name.empty()) throw fault(source, each.line, "the label is empty");
    if (m_key_of.contains(name))
      throw fault(source, each.line, fmt::format("'{}' is a label of the taxonomy itself", each.label));
    auto const [found, added] = by_name.emplace(name, &each);
    if (!added && folded(found->second->parent) != folded(each.parent))
      throw fault(source, each.line,
                  fmt::format("'{}' has the parent '{}' here and '{}' in line {}", each.label, each.parent,
                              found->second->parent, found->second->line));
  }
  std::map<std::string, std::string, std::less<>> resolved;
  for (auto const& [name, first] : by_name) {
    std::string path = first->label;
    auto const* at = first;
    for (std::size_t steps = 0;; ++steps) {
      auto const parent = folded(at->parent);
      path += " → " + at->parent;
      if (auto const known = m_key_of.find(parent); known != m_key_of.end()) {
        resolved.emplace(name, known->second);
        break;
      }
      auto const next = by_name.find(parent);
      if (next == by_name.end())
        throw fault(source, at->line,
                    fmt::format("the parent '{}' of '{}' is no label of the taxonomy, and not in this "
                                "file",
                                at->parent, at->label));
      if (next->second == first || steps > by_name.size())
        throw fault(source, first->line, fmt::format("the parents go in a circle: {}", path));
      at = next->second;
    }
  }
  m_key_of.merge(resolved);
}

std::optional<std::string> LabelNames::find(std::string_view text) const {
  auto const found = m_key_of.find(folded(text));
  return found == m_key_of.end() ? std::nullopt : std::optional(found->second);
}

std::string LabelNames::suggestion(std::string_view text) const {
  auto const wanted = folded(text);
  if (wanted.empty() || wanted.size() > k_longest_suggestion) return {};
  std::string best;
  std::size_t least = wanted.size() / 2 + 1;
  for (auto const& [name, key] : m_key_of) {
    if (name.size() > k_longest_suggestion) continue;
    auto const far = name.starts_with(wanted) || wanted.starts_with(name) ? 1 : distance(wanted, name);
    if (far < least) {
      least = far;
      best = key;
    }
  }
  return best;
}

std::vector<LabelParent> read_label_parents(std::string const& path) {
  auto const content = text::read_text_file(path);
  text::CsvTable table(content, path);
  auto const label = table.require("label"), parent = table.require("parent");
  std::vector<LabelParent> out;
  while (auto row = table.next())
    out.push_back(
        {text::unguarded(std::move(row->cells[label])), text::unguarded(std::move(row->cells[parent])), row->line});
  return out;
}

}  // namespace jvmm::classify
