#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/task.hpp"
#include "json/value.hpp"

namespace jvmm::classify {

/// Words that speak for a label. Form and meaning: classify/lexicon.hpp.
struct LexiconEntry {
  std::string text;
  double weight = 1;  ///< above 0, at most 3
};

struct TaxonomyLabel {
  std::string key;  ///< what is stored; unique in the taxonomy
  std::string name;
  std::string description;
  std::vector<std::string> synonyms;    ///< other names under which label files may know it
  std::vector<std::string> prototypes;  ///< example texts, embedded once
  std::vector<LexiconEntry> lexicon;
  std::string hypothesis;  ///< natural phrase, put into Taxonomy::hypothesis_template for an NLI model
  double threshold = 0;    ///< a label below this confidence is not given
};

/// confidence = 1 / (1 + exp(-(intercept + margin * m + score * s + offset of the label))).
/// m: distance to the next best label (for others than the first: to the best, so at most 0); s: the label's own score.
struct LogisticMap {
  double intercept = 0;
  double margin = 0;
  double score = 0;
};

/// How scores made with one model become confidences.
struct ConfidenceMap {
  std::string model;                      ///< its registered name; "rules": without vectors
  LogisticMap first;                      ///< of the best label
  LogisticMap other;                      ///< of all further ones
  std::map<std::string, double> offsets;  ///< by key; labels that are surer (above 0) or less sure than the rest
  double cosine_mean = 0;                 ///< of prototypes of different labels under this model
  double cosine_spread = 0;               ///< their standard deviation; 0 for "rules"
};

/// Labels of one task with all that finding them takes. A value; docs/taxonomies.md describes the file.
struct Taxonomy {
  Task task = Task::niche;
  std::string name;
  int version = 1;
  std::string description;
  std::string hypothesis_template;    ///< with "{}" where the hypothesis goes
  double sure = 1;                    ///< a verdict at or above this confidence needs no further stage of a cascade
  std::vector<TaxonomyLabel> labels;  ///< in the order of the file; ties go to the first
  std::vector<ConfidenceMap> confidence;
  std::string hash;      ///< hexadecimal SHA-256 of the resolved content without descriptions
  json::Value document;  ///< resolved: what `base`, `like` and `parent` bring is merged in
};

/// The index of a label by key, name or synonym, without regard to case and blanks; absent if there is none.
std::optional<std::size_t> find_label(Taxonomy const& taxonomy, std::string_view text);

/// The hypothesis of a label within the template.
std::string hypothesis(Taxonomy const& taxonomy, std::size_t label);

/// Names of the shipped taxonomies of a task, the default first.
std::vector<std::string> shipped_taxonomies(Task task);

/// **Throws** usage if there is none of that name, listing those that are there.
Taxonomy shipped_taxonomy(std::string_view name);

/// A shipped taxonomy by its name, or the file of a name that ends in ".json" or contains a slash.
/// **Throws** usage (no such name, or a taxonomy of another task), missing_input, local_io, bad_input with file, place,
/// label and expectation.
Taxonomy load_taxonomy(std::string const& name_or_file, Task task);

/// The same from a text. `folder`: where a relative file of `base` is looked for.
Taxonomy parse_taxonomy(std::string_view text, std::string const& source, std::filesystem::path const& folder = {});

/// All prototypes, label after label, in the order in which PrototypeVectors has their vectors. Equal texts repeat.
std::vector<std::string> prototype_texts(Taxonomy const& taxonomy);

}  // namespace jvmm::classify
