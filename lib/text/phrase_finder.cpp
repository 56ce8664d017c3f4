#include "text/phrase_finder.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::text {
namespace {

bool separates(char32_t c) {
  return c == '-' || is_space(c);
}

bool word_at(std::string_view text, std::size_t at) {
  auto const byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80)
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || (byte >= 'A' && byte <= 'Z');
  return is_word(utf8::decode(text, at).value);
}

/// Whether the code point that ends before byte `at` is a word character.
bool word_before(std::string_view text, std::size_t at) {
  auto begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
    --begin;
  return word_at(text, begin);
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && word_at(text, at))
    at += utf8::decode(text, at).length;
  return at;
}

/// The length of the run of blanks and hyphens that begins at a byte; 0 if none does.
std::size_t run_at(std::string_view text, std::size_t at) {
  auto const begin = at;
  while (at < text.size()) {
    auto const byte = static_cast<unsigned char>(text[at]);
    if (byte == ' ' || byte == '-') {
      ++at;
      continue;
    }
    if (byte > ' ' && byte < 0x80) break;
    auto const c = utf8::decode(text, at);
    if (!separates(c.value)) break;
    at += c.length;
  }
  return at - begin;
}

/// The texts that a phrase stands for: a digit for each '#'.
std::vector<std::string> spelled_out(std::string const& phrase) {
  auto const at = phrase.find('#');
  if (at == std::string::npos) return {phrase};
  std::vector<std::string> out;
  for (char digit = '0'; digit <= '9'; ++digit) {
    auto one = phrase;
    one[at] = digit;
    for (auto& text : spelled_out(one))
      out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

std::string_view PhraseFinder::problem(std::string_view phrase) {
  if (strip(phrase).empty()) return "it is empty";
  if (run_at(phrase, 0) > 0 || separates(static_cast<unsigned char>(phrase.back())) || strip(phrase) != phrase)
    return "it begins or ends with a blank or a hyphen";
  auto const star = phrase.find('*');
  if (star != std::string_view::npos && star + 1 != phrase.size()) return "its * is not at the end";
  if (star == 0) return "there is nothing before its *";
  if (star != std::string_view::npos && run_at(phrase, star - 1) > 0)
    return "there is a blank or a hyphen before its *";
  if (std::ranges::count(phrase, '#') > 2) return "it has more than two #";
  if (utf8::first_invalid(phrase) != std::string_view::npos) return "it is not UTF-8";
  return "";
}

std::string PhraseFinder::canonical(std::string_view phrase) {
  auto const lowered = lower(phrase);
  std::string out;
  for (std::size_t at = 0; at < lowered.size();) {
    if (auto const run = run_at(lowered, at)) {
      out += ' ';
      at += run;
    } else {
      out += lowered[at++];
    }
  }
  return out;
}

PhraseFinder::PhraseFinder(std::vector<std::string> const& phrases) {
  Build children(1);
  std::vector<std::vector<Pattern>> ends(1);
  std::vector<std::pair<std::string, Pattern>> all;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    auto text = canonical(phrases[i]);
    bool const open = text.ends_with('*');
    if (open) text.pop_back();
    for (auto& one : spelled_out(text)) {
      Pattern const pattern{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(one.size()), word_at(one, 0),
                            word_before(one, one.size()), open};
      all.emplace_back(std::move(one), pattern);
    }
  }
  for (auto const& [text, pattern] : all)
    for (char const c : text)
      if (auto& number = m_class[static_cast<unsigned char>(c)]; number == 0)
        number = static_cast<std::uint8_t>(m_classes++);
  for (auto& row : children)
    row.resize(m_classes);
  for (auto const& [text, pattern] : all)
    insert(text, pattern, children, ends);
  link(children, ends);
}

void PhraseFinder::insert(std::string const& text, Pattern pattern, Build& children,
                          std::vector<std::vector<Pattern>>& ends) {
  std::uint32_t node = 0;
  for (char const c : text) {
    auto const way = m_class[static_cast<unsigned char>(c)];
    if (children[node][way] == 0) {
      children[node][way] = static_cast<std::uint32_t>(children.size());
      children.emplace_back(m_classes);
      ends.emplace_back();
    }
    node = children[node][way];
  }
  ends[node].push_back(pattern);
}

void PhraseFinder::link(Build const& children, std::vector<std::vector<Pattern>> const& ends) {
  m_next.assign(children.size() * m_classes, 0);
  m_nodes.resize(children.size());
  for (std::size_t node = 0; node < children.size(); ++node) {
    m_nodes[node] = {static_cast<std::uint32_t>(m_patterns.size()), static_cast<std::uint32_t>(ends[node].size()), 0};
    m_patterns.insert(m_patterns.end(), ends[node].begin(), ends[node].end());
  }
  std::vector<std::uint32_t> failure(children.size(), 0), queue{0};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    auto const node = queue[i];
    for (std::size_t way = 1; way < m_classes; ++way) {
      auto const child = children[node][way];
      auto const elsewhere = node == 0 ? 0 : m_next[failure[node] * m_classes + way];
      m_next[node * m_classes + way] = child ? child : elsewhere;
      if (child == 0) continue;
      failure[child] = elsewhere;
      m_nodes[child].shorter = m_nodes[elsewhere].patterns > 0 ? elsewhere : m_nodes[elsewhere].shorter;
      queue.push_back(child);
    }
  }
}

void PhraseFinder::find(std::string_view text, std::vector<Match>& out) const {
  out.clear();
  // Where each step began: a run of blanks is one step of several bytes.
  thread_local std::vector<std::uint32_t> begins;
  begins.clear();
  std::uint32_t node = 0;
  for (std::size_t at = 0; at < text.size();) {
    begins.push_back(static_cast<std::uint32_t>(at));
    auto const run = run_at(text, at);
    auto const byte = run > 0 ? ' ' : text[at];
    at += std::max<std::size_t>(run, 1);
    auto const way = m_class[static_cast<unsigned char>(byte)];
    node = way == 0 ? 0 : m_next[node * m_classes + way];
    for (auto found = m_nodes[node].patterns > 0 ? node : m_nodes[node].shorter; found != 0;
         found = m_nodes[found].shorter)
      for (std::uint32_t i = 0; i < m_nodes[found].patterns; ++i) {
        auto const& pattern = m_patterns[m_nodes[found].first_pattern + i];
        auto const begin = begins[begins.size() - pattern.length];
        if (pattern.word_begins && begin > 0 && word_before(text, begin)) continue;
        if (pattern.word_ends && !pattern.open && at < text.size() && word_at(text, at)) continue;
        auto const end = pattern.open ? word_end(text, at) : at;
        out.push_back({pattern.phrase, begin, static_cast<std::uint32_t>(end)});
      }
  }
}

}  // namespace jvmm::text
