// Taxonomies found by name or file, with what they are based on, and checked against the schema.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "classify/documents.hpp"
#include "classify/resolve_taxonomy.hpp"
#include "classify/taxonomy.hpp"
#include "json/parse.hpp"
#include "json/schema.hpp"
#include "json/writer.hpp"

namespace jvmm::classify {
namespace {

namespace fs = std::filesystem;

/// Where taxonomies were found on the way to the base, so that a circle is seen.
using Chain = std::vector<std::string>;

bool is_file(std::string_view name) {
  return name.ends_with(".json") || name.find('/') != std::string_view::npos;
}

std::string_view task_of(ShippedDocument const& document) {
  // The names begin with the task's: the default taxonomy of the task up to its hyphen.
  for (auto const task : k_tasks) {
    auto const common = default_taxonomy(task);
    if (document.name.starts_with(common.substr(0, common.find('-')))) return name(task);
  }
  return "";
}

void check_schema(json::Value const& document, std::string const& source) {
  static json::Schema const schema(taxonomy_schema());
  auto const violations = schema.check(json::to_text(document));
  if (violations.empty()) return;
  // The innermost place says most.
  auto const worst = std::ranges::max_element(
      violations, {}, [](auto const& violation) { return std::ranges::count(violation.path, '/'); });
  throw Error(Kind::bad_input,
              fmt::format("{}: {}: {}", source, worst->path.empty() ? "/" : worst->path, worst->message))
      .hint("the form of a taxonomy is docs/schemas/taxonomy.json; docs/taxonomies.md explains it");
}

Taxonomy make(json::Value const& document, std::string const& source, fs::path const& folder, Chain const& chain);

Taxonomy load(std::string const& name, fs::path const& folder, Chain chain) {
  auto const enter = [&](std::string const& identity) {
    if (std::ranges::find(chain, identity) != chain.end())
      throw Error(Kind::bad_input, fmt::format("taxonomies are based on each other in a circle: {} -> {}",
                                               fmt::join(chain, " -> "), identity));
    chain.push_back(identity);
  };
  if (is_file(name)) {
    auto const path = fs::path(name).is_absolute() || folder.empty() ? fs::path(name) : folder / name;
    std::error_code failed;
    auto const canonical = fs::weakly_canonical(path, failed);
    enter(failed ? path.string() : canonical.string());
    return make(json::parse_file(path), path.string(), path.parent_path(), chain);
  }
  for (auto const& shipped : shipped_documents())
    if (shipped.name == name) {
      enter(name);
      return make(json::parse(shipped.text, name), name, {}, chain);
    }
  std::vector<std::string_view> names;
  for (auto const& shipped : shipped_documents())
    names.push_back(shipped.name);
  throw Error(Kind::usage, fmt::format("there is no taxonomy '{}'; there are {}, or name a file that ends in .json",
                                       name, fmt::join(names, ", ")));
}

/// Of the task's default taxonomy, for one that neither has confidences nor a base that does.
std::vector<ConfidenceMap> likely_confidence(json::Ref const& root) {
  auto const task = *parse_task(root["task"].string());
  if (root.find("base") || root.find("confidence") || root["name"].string() == default_taxonomy(task)) return {};
  auto maps = shipped_taxonomy(default_taxonomy(task)).confidence;
  for (auto& map : maps)
    map.offsets.clear();
  return maps;
}

Taxonomy make(json::Value const& document, std::string const& source, fs::path const& folder, Chain const& chain) {
  check_schema(document, source);
  json::Ref const root(document, source);
  std::optional<Taxonomy> base;
  if (auto const named = root.find("base")) try {
      base = load(named->string(), folder, chain);
    } catch (Error& error) {
      // What the file names is wrong with the file, not with the command.
      if (error.kind() != Kind::usage) throw;
      throw Error(Kind::bad_input, fmt::format("{}: /base: {}", source, error.message()));
    }
  return resolve_taxonomy(root, base ? &*base : nullptr, likely_confidence(root), source);
}

}  // namespace

std::vector<std::string> shipped_taxonomies(Task task) {
  std::vector<std::string> names;
  for (auto const& shipped : shipped_documents())
    if (task_of(shipped) == name(task)) names.emplace_back(shipped.name);
  return names;
}

Taxonomy shipped_taxonomy(std::string_view name) {
  if (is_file(name)) throw Error(Kind::usage, fmt::format("'{}' is no name of a shipped taxonomy", name));
  return load(std::string(name), {}, {});
}

Taxonomy load_taxonomy(std::string const& name_or_file, Task task) {
  auto taxonomy = load(name_or_file, {}, {});
  if (taxonomy.task != task)
    throw Error(Kind::usage,
                fmt::format("taxonomy '{}' is for {}, not for {}", name_or_file, name(taxonomy.task), name(task)))
        .hint(fmt::format("shipped for {}: {}", name(task), fmt::join(shipped_taxonomies(task), ", ")));
  return taxonomy;
}

Taxonomy parse_taxonomy(std::string_view text, std::string const& source, fs::path const& folder) {
  return make(json::parse(text, source), source, folder, {source});
}

std::string hypothesis(Taxonomy const& taxonomy, std::size_t label) {
  auto text = taxonomy.hypothesis_template;
  return text.replace(text.find("{}"), 2, taxonomy.labels.at(label).hypothesis);
}

std::vector<std::string> prototype_texts(Taxonomy const& taxonomy) {
  std::vector<std::string> texts;
  for (auto const& label : taxonomy.labels)
    texts.insert(texts.end(), label.prototypes.begin(), label.prototypes.end());
  return texts;
}

}  // namespace jvmm::classify
