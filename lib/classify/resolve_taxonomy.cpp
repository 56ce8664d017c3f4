#include "classify/resolve_taxonomy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <set>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "json/writer.hpp"
#include "text/canonical.hpp"
#include "text/digest.hpp"
#include "text/folding.hpp"
#include "text/phrase_finder.hpp"

namespace jvmm::classify {
namespace {

/// A label as the document has it.
struct Draft {
  TaxonomyLabel label;
  std::optional<std::string> parent;
  std::vector<std::string> like;
  std::optional<double> threshold;
  bool resolved = false, in_work = false;
};

/// Names are compared without case and blanks.
std::string name_key(std::string_view text) {
  auto folded = text::folded(text);
  std::erase_if(folded, [](unsigned char c) { return std::isspace(c) != 0; });
  return folded;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

class Resolver {
 public:
  Resolver(json::Ref const& document, Taxonomy const* base, std::vector<ConfidenceMap> confidence,
           std::string const& source)
      : m_document(document), m_base(base), m_source(source) {
    m_out.confidence = base ? base->confidence : std::move(confidence);
    for (auto& map : m_out.confidence)
      map.offsets.clear();
  }

  Taxonomy resolve() {
    read_head();
    for (auto const& item : m_document["labels"].items())
      m_drafts.push_back(read_label(item));
    check_keys();
    for (auto& draft : m_drafts)
      take_like(draft);
    roll_up();
    for (auto& draft : m_drafts)
      if (!draft.parent) m_out.labels.push_back(finished(std::move(draft)));
    check_names();
    check_confidence();
    seal();
    return std::move(m_out);
  }

 private:
  Error fault(std::string const& what) const {
    return Error(Kind::bad_input, fmt::format("{}: {}", m_source, what))
        .hint("docs/taxonomies.md says how a taxonomy is written");
  }
  Error fault(TaxonomyLabel const& label, std::string const& what) const {
    return fault(fmt::format("label '{}': {}", label.key, what));
  }

  std::string checked(std::string text, std::string_view what) const {
    if (text::strip(text).empty()) throw fault(fmt::format("{} is empty", what));
    if (text::strip(text) != text) throw fault(fmt::format("{} '{}' begins or ends with a blank", what, text));
    if (has_control(text)) throw fault(fmt::format("{} has a control character", what));
    return text;
  }

  void read_head() {
    m_out.task = *parse_task(m_document["task"].string());
    if (m_base && m_base->task != m_out.task)
      throw fault(fmt::format("its task is {}, that of its base '{}' is {}", name(m_out.task), m_base->name,
                              name(m_base->task)));
    m_out.name = m_document["name"].string();
    m_out.version = static_cast<int>(m_document["version"].integer());
    if (auto const text = m_document.find("description")) m_out.description = text->string();
    m_out.hypothesis_template = m_base ? m_base->hypothesis_template : "This is about {}.";
    if (auto const text = m_document.find("hypothesis_template")) m_out.hypothesis_template = text->string();
    if (auto const at = m_out.hypothesis_template.find("{}");
        at == std::string::npos || m_out.hypothesis_template.find("{}", at + 2) != std::string::npos)
      throw fault("hypothesis_template needs {} once, where the hypothesis goes");
    m_threshold = m_out.task == Task::offer_types ? .3 : .2;
    if (auto const number = m_document.find("threshold")) m_threshold = number->number();
    m_out.sure = m_base ? m_base->sure : .8;
    if (auto const number = m_document.find("sure")) m_out.sure = number->number();
    if (auto const maps = m_document.find("confidence")) {
      m_out.confidence.clear();
      for (auto const& map : maps->items())
        m_out.confidence.push_back(read_map(map));
    }
  }

  static LogisticMap read_logistic(json::Ref const& at) {
    return {at["intercept"].number(), at["margin"].number(), at["score"].number()};
  }

  static ConfidenceMap read_map(json::Ref const& at) {
    ConfidenceMap map;
    map.model = at["model"].string();
    map.first = read_logistic(at["first"]);
    map.other = read_logistic(at["other"]);
    if (auto const offsets = at.find("offsets"))
      for (auto const& [key, value] : offsets->members())
        map.offsets[key] = value.number();
    if (auto const number = at.find("cosine_mean")) map.cosine_mean = number->number();
    if (auto const number = at.find("cosine_spread")) map.cosine_spread = number->number();
    return map;
  }

  Draft read_label(json::Ref const& at) const {
    Draft draft;
    auto& label = draft.label;
    label.key = checked(at["key"].string(), "a key");
    label.name = at.find("name") ? checked(at["name"].string(), "a name") : label.key;
    if (auto const text = at.find("description")) label.description = text->string();
    if (auto const text = at.find("hypothesis")) label.hypothesis = checked(text->string(), "a hypothesis");
    if (auto const number = at.find("threshold")) draft.threshold = number->number();
    if (auto const text = at.find("parent")) draft.parent = text->string();
    if (auto const list = at.find("like"))
      for (auto const& one : list->items())
        draft.like.push_back(one.string());
    if (auto const list = at.find("synonyms"))
      for (auto const& one : list->items())
        label.synonyms.push_back(checked(one.string(), "a synonym"));
    read_prototypes(at, label);
    read_lexicon(at, label);
    return draft;
  }

  void read_prototypes(json::Ref const& at, TaxonomyLabel& label) const {
    auto const list = at.find("prototypes");
    if (!list) return;
    std::set<std::string> seen;
    for (auto const& one : list->items()) {
      label.prototypes.push_back(checked(one.string(), "a prototype"));
      if (!seen.insert(name_key(label.prototypes.back())).second)
        throw fault(label, fmt::format("the prototype '{}' is there twice", label.prototypes.back()));
    }
  }

  void read_lexicon(json::Ref const& at, TaxonomyLabel& label) const {
    auto const list = at.find("lexicon");
    if (!list) return;
    std::set<std::string> seen;
    for (auto const& one : list->items()) {
      LexiconEntry entry{one[0].string(), one[1].number()};
      if (auto const problem = text::PhraseFinder::problem(entry.text); !problem.empty())
        throw fault(label, fmt::format("lexicon entry '{}': {}", entry.text, problem));
      if (!seen.insert(text::PhraseFinder::canonical(entry.text)).second)
        throw fault(label, fmt::format("the lexicon entry '{}' is there twice", entry.text));
      label.lexicon.push_back(std::move(entry));
    }
  }

  void check_keys() const {
    std::set<std::string> seen;
    for (auto const& draft : m_drafts)
      if (!seen.insert(name_key(draft.label.key)).second) throw fault(draft.label, "is there twice");
  }

  Draft* find_draft(std::string_view key) {
    auto const found = std::ranges::find_if(m_drafts, [&](Draft const& draft) { return draft.label.key == key; });
    return found == m_drafts.end() ? nullptr : &*found;
  }

  static void merge(TaxonomyLabel const& from, TaxonomyLabel& to) {
    std::set<std::string> seen;
    for (auto const& text : to.prototypes)
      seen.insert(name_key(text));
    for (auto const& text : from.prototypes)
      if (seen.insert(name_key(text)).second) to.prototypes.push_back(text);
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < to.lexicon.size(); ++i)
      places.emplace(text::PhraseFinder::canonical(to.lexicon[i].text), i);
    for (auto const& entry : from.lexicon) {
      auto const [at, added] = places.try_emplace(text::PhraseFinder::canonical(entry.text), to.lexicon.size());
      if (added)
        to.lexicon.push_back(entry);
      else
        to.lexicon[at->second].weight = std::max(to.lexicon[at->second].weight, entry.weight);
    }
    if (to.hypothesis.empty()) to.hypothesis = from.hypothesis;
    if (to.description.empty()) to.description = from.description;
  }

  void take_like(Draft& draft) {
    if (draft.resolved) return;
    if (draft.in_work) throw fault(draft.label, "its 'like' leads back to itself");
    draft.in_work = true;
    for (auto const& key : draft.like)
      merge(like_of(draft, key), draft.label);
    draft.in_work = false;
    draft.resolved = true;
  }

  TaxonomyLabel const& like_of(Draft& draft, std::string const& key) {
    if (m_base) {
      auto const found = find_label(*m_base, key);
      if (!found)
        throw fault(draft.label, fmt::format("'like' names '{}', which the base '{}' has not", key, m_base->name));
      return m_base->labels[*found];
    }
    auto* const other = find_draft(key);
    if (!other)
      throw fault(draft.label, fmt::format("'like' names '{}', which is no label here; there is no base", key));
    take_like(*other);
    return other->label;
  }

  /// What is below a label counts for the topmost one.
  void roll_up() {
    for (auto& draft : m_drafts) {
      if (!draft.parent) continue;
      auto* top = &draft;
      for (std::size_t steps = 0; top->parent; ++steps) {
        if (steps > m_drafts.size()) throw fault(draft.label, "its parents lead back to itself");
        auto* const parent = find_draft(*top->parent);
        if (!parent) throw fault(top->label, fmt::format("its parent '{}' is no label here", *top->parent));
        top = parent;
      }
      merge(draft.label, top->label);
      top->label.synonyms.push_back(draft.label.key);
      if (name_key(draft.label.name) != name_key(draft.label.key)) top->label.synonyms.push_back(draft.label.name);
      std::ranges::copy(draft.label.synonyms, std::back_inserter(top->label.synonyms));
    }
  }

  TaxonomyLabel finished(Draft draft) const {
    auto label = std::move(draft.label);
    if (label.hypothesis.empty()) label.hypothesis = label.name;
    if (label.prototypes.empty()) label.prototypes.push_back(label.name);
    label.threshold = draft.threshold.value_or(m_threshold);
    return label;
  }

  void check_names() const {
    if (m_out.labels.empty()) throw fault("every label has a parent");
    std::map<std::string, TaxonomyLabel const*> owner;
    auto const take = [&](TaxonomyLabel const& label, std::string const& text, std::string_view what) {
      auto const [at, first] = owner.try_emplace(name_key(text), &label);
      if (!first && at->second != &label)
        throw fault(label, fmt::format("its {} '{}' also stands for label '{}'", what, text, at->second->key));
    };
    for (auto const& label : m_out.labels)
      take(label, label.key, "key");
    for (auto const& label : m_out.labels) {
      take(label, label.name, "name");
      for (auto const& synonym : label.synonyms)
        take(label, synonym, "synonym");
    }
  }

  void check_confidence() const {
    std::set<std::string> models;
    for (auto const& map : m_out.confidence) {
      if (!models.insert(map.model).second)
        throw fault(fmt::format("confidence of model '{}' is there twice", map.model));
      if (map.first.margin < 0 || map.first.score < 0 || map.other.margin < 0 || map.other.score < 0)
        throw fault(fmt::format("confidence of model '{}': margin and score must not be negative", map.model));
      for (auto const& [key, offset] : map.offsets)
        if (std::ranges::none_of(m_out.labels, [&](auto const& label) { return label.key == key; }))
          throw fault(fmt::format("confidence of model '{}': offset of '{}', which is no label", map.model, key));
    }
  }

  void seal() {
    m_out.hash = text::sha256_hex(written(false));
    m_out.document = json::parse(written(true), m_source);
  }

  std::string written(bool with_descriptions) const {
    json::Writer out;
    out.begin_object().member("name", m_out.name).member("task", name(m_out.task)).member("version", m_out.version);
    if (with_descriptions) out.member("description", m_out.description);
    out.member("hypothesis_template", m_out.hypothesis_template)
        .member("sure", m_out.sure)
        .key("confidence")
        .begin_array();
    for (auto const& map : m_out.confidence)
      write_map(out, map);
    out.end_array().key("labels").begin_array();
    for (auto const& label : m_out.labels)
      write_label(out, label, with_descriptions);
    out.end_array().end_object();
    return std::move(out).take();
  }

  static void write_map(json::Writer& out, ConfidenceMap const& map) {
    auto const logistic = [&](std::string_view key, LogisticMap const& at) {
      out.key(key).begin_object().member("intercept", at.intercept).member("margin", at.margin);
      out.member("score", at.score).end_object();
    };
    out.begin_object().member("model", map.model);
    logistic("first", map.first);
    logistic("other", map.other);
    out.key("offsets").begin_object();
    for (auto const& [key, offset] : map.offsets)
      out.member(key, offset);
    out.end_object().member("cosine_mean", map.cosine_mean).member("cosine_spread", map.cosine_spread).end_object();
  }

  static void write_label(json::Writer& out, TaxonomyLabel const& label, bool with_descriptions) {
    out.begin_object().member("key", label.key).member("name", label.name);
    if (with_descriptions) out.member("description", label.description);
    out.member("hypothesis", label.hypothesis).member("threshold", label.threshold);
    for (auto const& [key, list] :
         {std::pair("synonyms", &label.synonyms), std::pair("prototypes", &label.prototypes)}) {
      out.key(key).begin_array();
      for (auto const& text : *list)
        out.value(text);
      out.end_array();
    }
    out.key("lexicon").begin_array();
    for (auto const& entry : label.lexicon)
      out.begin_array().value(entry.text).value(entry.weight).end_array();
    out.end_array().end_object();
  }

  json::Ref const& m_document;
  Taxonomy const* m_base;
  std::string const& m_source;
  Taxonomy m_out;
  double m_threshold = 0;
  std::vector<Draft> m_drafts;
};

}  // namespace

std::optional<std::size_t> find_label(Taxonomy const& taxonomy, std::string_view text) {
  auto const wanted = name_key(text);
  auto const same = [&](std::string const& other) { return name_key(other) == wanted; };
  for (std::size_t i = 0; i < taxonomy.labels.size(); ++i)
    if (taxonomy.labels[i].key == text) return i;
  for (std::size_t i = 0; i < taxonomy.labels.size(); ++i) {
    auto const& label = taxonomy.labels[i];
    if (same(label.key) || same(label.name) || std::ranges::any_of(label.synonyms, same)) return i;
  }
  return std::nullopt;
}

Taxonomy resolve_taxonomy(json::Ref const& document, Taxonomy const* base, std::vector<ConfidenceMap> confidence,
                          std::string const& source) {
  return Resolver(document, base, std::move(confidence), source).resolve();
}

}  // namespace jvmm::classify
